import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvocationId } from '@xem/protocol';
import { silentLog, systemClock, systemIds, type Log } from '@xem/runtime';
import { loadBundles, type BundleOptions, type Bundles } from '../bundle/load.ts';
import { createMcpServers, type McpServers } from '../provider/mcp/servers.ts';
import type { Run } from '../run/run.ts';
import { openRunRig, type RunRig } from './run-rig.ts';

/** What a test of bundles needs: folders of its own, and a spool for what runs. */
export interface BundleRig {
  readonly runs: RunRig;
  readonly folder: string;
  /** Its MCP servers, which log here from the first time on. */
  serversWith(log: Log): McpServers;
  /** Writes a bundle; returns the path of its file. */
  write(bundle: string, yaml: string): string;
  writeCredentials(ref: string, text: string, mode?: number): string;
  load(options?: Partial<BundleOptions>): Bundles;
  /** Calls a tool as the agent would. */
  call(bundles: Bundles, tool: string, args: Record<string, unknown>): Run;
  close(): Promise<void>;
}

/** The bundles that come with the agent. */
export const SHIPPED_BUNDLES = new URL('../../bundles/', import.meta.url).pathname;

const clock = systemClock();
const ids = systemIds(clock);

const TIMEOUT_MS = 60_000;

export function openBundleRig(): BundleRig {
  const runs = openRunRig();
  let servers: McpServers | null = null;
  const serversWith = (log: Log): McpServers =>
    (servers ??= createMcpServers({ clock, log, version: '0.0.0' }));
  const folder = mkdtempSync(join(tmpdir(), 'xem-bundle-'));
  const path = (name: string): string => join(folder, name);
  mkdirSync(path('tools'));
  mkdirSync(path('credentials'));
  return {
    runs,
    folder,
    serversWith,
    write: (bundle, yaml) => {
      const file = path(`tools/${bundle}/bundle.yaml`);
      mkdirSync(path(`tools/${bundle}`), { recursive: true });
      writeFileSync(file, yaml);
      return file;
    },
    writeCredentials: (ref, text, mode = 0o600) => {
      const file = path(`credentials/${ref}`);
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    },
    load: (options = {}) =>
      loadBundles({
        toolsDir: path('tools'),
        credentialsDir: path('credentials'),
        filesDir: path('files'),
        node: process.execPath,
        runner: runs.impatientRunner(),
        servers: serversWith(silentLog),
        clock,
        log: silentLog,
        toolsChanged: () => undefined,
        env: { PATH: process.env['PATH'], XEM_EFFECT_LOG: path('effects.log'), SECRET_OF_AGENT: 'never' },
        ...options,
      }),
    call: (bundles, tool, args) => {
      const start = bundles.find(tool)?.prepare({ args, credentialsRef: null });
      if (!start) throw new Error(`there is no tool ${tool}`);
      const invocationId = InvocationId.parse(ids.uuid());
      return start({ key: runs.newKey(), invocationId, timeoutMs: TIMEOUT_MS });
    },
    close: async () => {
      servers?.close();
      await runs.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
