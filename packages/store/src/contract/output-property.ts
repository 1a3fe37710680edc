import fc from 'fast-check';
import type { TestStore } from '../testing/test-store.ts';
import { digest, expectSame, noise, pipeTo, stageOfPipe } from './output.ts';
import { expect } from 'vitest';
import type { Contract } from './subject.ts';

/** All that the tool writes: what is stored is a part of it, from its beginning. */
const WRITTEN = noise(1_200_000, 3);

/** Pieces that overlap, that leave a gap, that come together; and what happens in between. */
const anyStep = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    shift: fc.integer({ min: -60_000, max: 60 }),
    length: fc.nat(150_000),
  }),
  fc.record({ kind: fc.constant('burst' as const), length: fc.nat(60_000) }),
  fc.record({ kind: fc.constant('read' as const), from: fc.nat(1_200_000), length: fc.nat(200_000) }),
  fc.record({ kind: fc.constant('seal' as const) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

type Stage = Awaited<ReturnType<typeof stageOfPipe>>;

/** A stream and how much of it must be stored. */
interface Run {
  readonly stage: Stage;
  readonly store: TestStore;
  readonly stored: number;
}

async function append({ stage, store, stored }: Run, at: number, length: number): Promise<number> {
  const bytes = WRITTEN.subarray(at, at + length);
  const expected = at > stored ? stored : Math.max(stored, at + bytes.length);
  expect(await pipeTo(store, stage.execution).append(at, bytes)).toBe(expected);
  return expected;
}

async function burst({ stage, store, stored }: Run, length: number): Promise<number> {
  const pipe = pipeTo(store, stage.execution);
  const starts = [0, 1, 2].map((nth) => stored + nth * length);
  await Promise.all(starts.map((at) => pipe.append(at, WRITTEN.subarray(at, at + length))));
  return Math.min(WRITTEN.length, stored + 3 * length);
}

async function take(run: Run, step: Step): Promise<Run> {
  const { stage, store, stored } = run;
  switch (step.kind) {
    case 'append':
      return { ...run, stored: await append(run, Math.max(0, stored + step.shift), step.length) };
    case 'burst':
      return { ...run, stored: await burst(run, step.length) };
    case 'read': {
      const found = await pipeTo(store, stage.execution).read(step.from, step.from + step.length);
      expectSame(found, WRITTEN.subarray(0, stored).subarray(step.from, step.from + step.length));
      break;
    }
    case 'seal':
      expect(await stage.seal(store)).toEqual(digest(WRITTEN.subarray(0, stored)));
      break;
    case 'restart':
      return { ...run, store: await store.reopen() };
  }
  return run;
}

/** What holds of output whatever comes in which order. A failure prints its seed. */
export const outputPropertyContract: Contract = {
  'outputs agrees with what the tool wrote after any steps': async (open) => {
    const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 16 });
    const holds = async (steps: readonly Step[]): Promise<void> => {
      const stage = await stageOfPipe(open);
      let run: Run = { stage, store: stage.store, stored: 0 };
      for (const step of steps) run = await take(run, step);
      expect(await stage.seal(run.store)).toEqual(digest(WRITTEN.subarray(0, run.stored)));
      await run.store.close();
    };
    await fc.assert(fc.asyncProperty(anySteps, holds), { numRuns: 15, endOnFailure: true });
  },
};
