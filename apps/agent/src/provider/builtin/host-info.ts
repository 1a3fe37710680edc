import { arch, cpus, freemem, hostname, loadavg, platform, release, totalmem, uptime } from 'node:os';
import { canonicalJson } from '@xem/protocol';
import { answer, type Builtin } from '../builtin.ts';

/** What the host is and how busy it is, as JSON; nothing of its environment. */
export const hostInfo: Builtin = () =>
  answer(
    canonicalJson({
      hostname: hostname(),
      os: platform(),
      kernel: release(),
      arch: arch(),
      cpus: cpus().length,
      memory_bytes: totalmem(),
      memory_free_bytes: freemem(),
      load_average: loadavg(),
      uptime_seconds: Math.floor(uptime()),
      node_version: process.version,
    }),
  );
