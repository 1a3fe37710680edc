import { MINUTE_MS } from '@xem/protocol';
import { parseArgs } from 'node:util';
import { systemClock } from '@xem/runtime';
import { meshDir, removeMesh, startMesh } from '../mesh/mesh.ts';
import { fuzz, FUZZ_ENV, sayReport } from './fuzz.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } },
});
const seed = values.seed === undefined ? systemClock().now() % 1_000_000 : Number(values.seed);
process.stdout.write(`seed ${seed}\n`);
const mesh = await startMesh(await meshDir(), FUZZ_ENV);
try {
  const report = await fuzz(mesh, { seed, forMs: Number(values.minutes) * MINUTE_MS });
  process.stdout.write(`${sayReport(report)}\n`);
  process.exitCode = report.breaches.length === 0 ? 0 : 1;
} finally {
  await mesh.stop();
  await removeMesh(mesh.dir);
}
