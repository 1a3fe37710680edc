import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemClock } from '@xem/runtime';
import { z } from 'zod';
import { ask } from './api.ts';
import { startMesh, type BenchMesh } from './mesh.ts';

/**
 * Passes output through the mesh, from a tool to a reader of its raw bytes, and says what it took: seconds, and memory
 * beyond what a small run took before. The first argument is the size in MiB, 1024 by default.
 */
const MIB = 1024 * 1024;
const WARM_UP_MIB = 32;
const WAIT_SECONDS = 60;
const SIZE_MIB = Number(process.argv[2] ?? 1024);

const Ended = z.object({ id: z.string(), status: z.string(), execution_id: z.string().nullable() });
const Streams = z.object({ stdout: z.object({ bytes: z.number(), sha256: z.string() }) });

const clock = systemClock();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Floods so many bytes; answers the execution that did. */
async function flood(mesh: BenchMesh, mib: number): Promise<string> {
  const args = { bytes: mib * MIB, pattern: 'binary' };
  const call = { workspace_id: mesh.workspace_id, tool: 'demo_flood', args };
  let seen = Ended.parse(await ask(mesh, { path: 'invocations', body: call, waitSeconds: WAIT_SECONDS }));
  while (seen.status === 'queued' || seen.status === 'running') {
    seen = Ended.parse(await ask(mesh, { path: `invocations/${seen.id}` }));
  }
  if (seen.status !== 'completed' || seen.execution_id === null) throw new Error(`it ended ${seen.status}`);
  return seen.execution_id;
}

/** Reads the raw bytes back. @throws when they are not those the agent took the hash of */
async function readBack(mesh: BenchMesh, id: string): Promise<void> {
  const { stdout } = Streams.parse(await ask(mesh, { path: `executions/${id}` }));
  const headers = { authorization: `Bearer ${mesh.keys.operator}` };
  const raw = await fetch(`${mesh.router_url}/v1/exec/executions/${id}/raw`, { headers });
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of raw.body ?? []) {
    hash.update(piece);
    bytes += piece.byteLength;
  }
  if (bytes !== stdout.bytes || hash.digest('hex') !== stdout.sha256) throw new Error('the bytes differ');
}

/** The most memory a process ever had resident, in MiB. Linux. */
const peakMib = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const mesh = await startMesh(clock);
try {
  const pids = [mesh.pids.router, mesh.pids.agents[0] ?? 0];
  await readBack(mesh, await flood(mesh, WARM_UP_MIB));
  const before = pids.map(peakMib);
  const startedAt = clock.monotonic();
  const id = await flood(mesh, SIZE_MIB);
  const floodedAt = clock.monotonic();
  await readBack(mesh, id);
  const readAt = clock.monotonic();
  const [router = 0, agent = 0] = pids.map((pid, index) => peakMib(pid) - (before[index] ?? 0));
  const rate = (ms: number): string => `${(SIZE_MIB / (ms / 1000)).toFixed(0)} MiB/s`;
  say(
    `${SIZE_MIB} MiB: to the router ${rate(floodedAt - startedAt)}, read back ${rate(readAt - floodedAt)}; equal`,
  );
  say(`peak after ${WARM_UP_MIB} MiB (router, agent): ${before.map((mib) => mib.toFixed(0)).join(', ')} MiB`);
  say(`more for ${SIZE_MIB} MiB: router ${router.toFixed(0)} MiB, agent ${agent.toFixed(0)} MiB`);
} finally {
  await mesh.stop();
}
