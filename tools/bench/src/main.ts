import { systemClock } from '@xem/runtime';
import { measure, type Measure } from './load.ts';
import { startMesh } from './mesh.ts';
import { residentBytes } from './resident.ts';
import { assertDone } from './verify.ts';

const TOOL = 'demo_noop';
const WARM_UP_CALLS = 500;
const ROUNDS = [
  { clients: 1, calls: 1500 },
  { clients: 32, calls: 8000 },
  { clients: 128, calls: 8000 },
] as const;
const MIB = 1024 * 1024;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const row = ({ clients, callsPerSecond, p50Ms, p99Ms }: Measure): string =>
  `${String(clients).padStart(7)}  ${callsPerSecond.toFixed(0).padStart(7)}  ${p50Ms.toFixed(2).padStart(7)}  ${p99Ms.toFixed(2).padStart(7)}`;

const clock = systemClock();
const mesh = await startMesh(clock);
try {
  const memory = (): string =>
    [mesh.pids.router, ...mesh.pids.agents]
      .map((pid) => `${(residentBytes(pid) / MIB).toFixed(0)} MiB`)
      .join(', ');
  say(`ready after ${mesh.readyMs.toFixed(0)} ms; resident when idle (router, agent): ${memory()}`);
  await measure({ mesh, clock, tool: TOOL, clients: 8, calls: WARM_UP_CALLS });
  say('clients  calls/s   p50 ms   p99 ms');
  let calls = WARM_UP_CALLS;
  for (const round of ROUNDS) {
    say(row(await measure({ mesh, clock, tool: TOOL, ...round })));
    calls += round.calls;
  }
  await assertDone(mesh, calls);
  say(`resident after ${calls} calls (router, agent): ${memory()}; the journal verifies`);
} finally {
  await mesh.stop();
}
