import { AttemptKey, InvocationId } from '@xem/protocol';
import { silentLog, systemClock } from '@xem/runtime';
import { createMask } from '../run/mask.ts';
import { RESOURCE_LIMITS_DEFAULT } from '../run/resource-limits.ts';
import { createRunner } from '../run/runner.ts';

/**
 * An agent that starts one run, says its pid and stays until it is killed; with `cancel` it tells the run to end
 * first. Arguments: spool folder, execution id, time limit in ms, `run` or `cancel`, argv. Its secret is `DOOMED_SECRET`.
 */
process.stdin.resume();
const [spoolDir = '', executionId = '', timeoutMs = '', what = '', program = '', ...args] =
  process.argv.slice(2);
const runner = createRunner({ spoolDir, clock: systemClock(), log: silentLog });
const run = runner.start({
  key: AttemptKey.parse({ execution_id: executionId, attempt: 1 }),
  invocationId: InvocationId.parse(executionId),
  argv: [program, ...args],
  env: { PATH: process.env['PATH'] ?? '' },
  stdin: '',
  timeoutMs: Number(timeoutMs),
  outputBytesMax: 16 * 1024 * 1024,
  limits: RESOURCE_LIMITS_DEFAULT,
  mask: createMask([process.env['DOOMED_SECRET'] ?? '']),
});
for await (const { bytes } of run.stdout.read()) {
  if (what === 'cancel') run.cancel('asked');
  process.stdout.write(`${run.pid} ${bytes.toString()}\n`);
}
