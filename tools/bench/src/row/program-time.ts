import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from '@xem/runtime';
import { median } from '../statistic.ts';

/** A program to be timed, run by this Node. */
interface Program {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

async function timeOne(clock: Clock, { args, env }: Program): Promise<number> {
  const startedAt = clock.monotonic();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(code)}`);
  return clock.monotonic() - startedAt;
}

/** How long programs take from their start to their end, in milliseconds, as medians; measured in turns. */
export async function programTimes(
  clock: Clock,
  times: number,
  programs: readonly Program[],
): Promise<readonly number[]> {
  const taken = programs.map(() => new Array<number>());
  for (let round = 0; round < times; round += 1) {
    for (const [nth, program] of programs.entries()) taken[nth]?.push(await timeOne(clock, program));
  }
  return taken.map(median);
}
