import { arch, availableParallelism, hostname, platform, release, totalmem } from 'node:os';
import type { HostReport } from '@xem/protocol';

interface ReportContext {
  readonly version: string;
  readonly providers: readonly string[];
  readonly slots: number;
}

/** What the host tells of itself; never a value of its environment. */
export const reportHost = ({ version, providers, slots }: ReportContext): HostReport => ({
  os: platform(),
  arch: arch(),
  kernel: release(),
  hostname: hostname(),
  node_version: process.versions.node,
  agent_version: version,
  providers: [...providers],
  sandbox: [],
  limits: { max_concurrent_executions: slots, memory_bytes: totalmem(), cpus: availableParallelism() },
});
