import { expect, test } from 'vitest';
import type { Sample } from '../load/closed-loop.ts';
import { contest } from './contest.ts';
import { standingOf } from './standing.ts';

const PLAN = { rounds: 3, clients: [1, 8], measureMs: 20, warmUpCalls: 5 };

type Asked = Parameters<Parameters<typeof contest>[0]['load']['measure']>[0];

/** A load generator that answers rates from lists and writes down what it was asked. */
function scripted(rates: Readonly<Record<string, readonly number[]>>) {
  const asked: string[] = [];
  const left = new Map(Object.entries(rates).map(([name, list]) => [name, [...list]]));
  const measure = async ({ name, clients, ms, calls }: Asked): Promise<Sample> => {
    asked.push(calls === undefined ? `${name} ${clients} ${ms}` : `${name} ${clients} warm`);
    const callsPerSecond = left.get(name)?.shift() ?? 1;
    return { clients, calls: 10, callsPerSecond, p50Ms: 1000 / callsPerSecond, p99Ms: 1 };
  };
  return { asked, load: { measure } };
}

const run = (load: Parameters<typeof contest>[0]['load'], peers: readonly string[]) =>
  contest({ load, plan: PLAN, ours: 'us', peers, processorMs: counter(), onRound: () => undefined });

/** A processor of which we use four times as much as others in each measurement. */
function counter() {
  const reads = new Map<string, number>();
  return (name: string): number => {
    reads.set(name, (reads.get(name) ?? 0) + 1);
    return (name === 'us' ? 20 : 5) * (reads.get(name) ?? 0);
  };
}

test('contest warms everybody up, then measures each peer and us in turns', async () => {
  const { asked, load } = scripted({});
  await run(load, ['a', 'b']);
  const turns = ['a 1 20', 'us 1 20', 'b 1 20', 'us 1 20', 'a 8 20', 'us 8 20', 'b 8 20', 'us 8 20'];
  expect(asked).toEqual(['a 8 warm', 'b 8 warm', 'us 8 warm', ...turns, ...turns, ...turns]);
});

test('contest counts every call, those of the warming up too', async () => {
  const { load } = scripted({});
  const { calls } = await run(load, ['a', 'b']);
  expect(Object.fromEntries(calls)).toEqual({ a: 70, b: 70, us: 130 });
});

test('contest stops at a call that failed', async () => {
  const load = { measure: async () => Promise.reject(new Error('call 7 was answered no')) };
  await expect(run(load, ['a'])).rejects.toThrow('call 7 was answered no');
});

test('standing takes the ratio of each pair before it takes the middle', async () => {
  const warmUp = 1;
  // The machine slows down to a tenth and back; each pair meets it alike.
  const { load } = scripted({ a: [warmUp, 100, 1, 10, 1, 50, 1], us: [warmUp, 50, 1, 5, 1, 40, 1] });
  const { matches } = await run(load, ['a']);
  const [first] = matches.map(standingOf);
  expect(first).toMatchObject({
    peer: 'a',
    clients: 1,
    throughput: { median: 0.5, least: 0.5, most: 0.8 },
    latency: { median: 2, least: 1.25, most: 2 },
    processor: { median: 4, least: 4, most: 4 },
    ours: { callsPerSecond: 40 },
    theirs: { callsPerSecond: 50 },
  });
});
