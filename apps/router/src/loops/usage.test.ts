import { rollUpUsage, usage } from '@xem/domain';
import { askFor, end, inWorld, servingAgent, type TestWorld } from '@xem/domain/testing';
import { reportUsage } from '@xem/protocol';
import { expect, test } from 'vitest';
import { startUsage } from './usage.ts';

const report = ({ operator }: TestWorld) => usage.report(operator, reportUsage.input.parse({}));

/** A call that came to its end, and some more. */
async function runSome(world: TestWorld, calls: number): Promise<void> {
  for (let n = 0; n < calls; n += 1) await end(world, await askFor(world, 'demo_echo'));
}

test('the router sums up what was used soon after it was, and what was used while it was down', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await runSome(world, 2);
    const callsAfterRound = async (): Promise<number> => {
      const loop = startUsage(world.services);
      await world.clock.advance(2000);
      await loop.stop();
      return (await report(world)).totals.calls;
    };
    expect(await callsAfterRound()).toBe(2);
    await runSome(world, 1);
    expect((await report(world)).totals.calls).toBe(2);
    expect(await callsAfterRound()).toBe(3);
    const { seq } = await world.store.read.journal.head(world.operator.projectId);
    expect((await report(world)).as_of_seq).toBe(seq);
  }));

test('the router sums up what comes in while it runs, and nothing twice', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const loop = startUsage(world.services);
    await world.clock.advance(2000);
    await runSome(world, 1);
    await world.clock.advance(2000);
    await runSome(world, 2);
    await world.clock.advance(2000);
    await loop.stop();
    expect((await report(world)).totals.calls).toBe(3);
  }));

test('two that sum up at once count nothing twice', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await runSome(world, 3);
    const { projectId } = world.operator;
    await Promise.all([1, 2, 3, 4].map(() => rollUpUsage(world.services, projectId)));
    expect((await report(world)).totals).toMatchObject({ calls: 3, completed: 3 });
  }));

test('a sum that fails is not kept, nor how far it went', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await runSome(world, 1);
    const { projectId } = world.operator;
    const { store } = world;
    const broken = {
      store: {
        ...store,
        transact: ((body) =>
          store.transact(async (tx) => {
            await body(tx);
            throw new Error('too late');
          })) satisfies typeof store.transact,
      },
    };
    await expect(rollUpUsage(broken, projectId)).rejects.toThrow('too late');
    expect(await report(world)).toMatchObject({ totals: { calls: 0 }, as_of_seq: 0 });
    expect(await rollUpUsage(world.services, projectId)).toBe(false);
    expect((await report(world)).totals.calls).toBe(1);
  }));
