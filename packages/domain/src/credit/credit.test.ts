import { HOUR_MS } from '@xem/protocol';
import { expect, test } from 'vitest';
import { systemContext } from '../context.ts';
import { rerun } from '../execution/rerun.ts';
import { cancel } from '../invocation/cancel.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import {
  accountOf,
  admissionOf,
  afresh,
  askFor,
  attemptOf,
  changeProject,
  end,
  inWorld,
  meter,
  rowOf,
  servingAgent,
  start,
  type TestWorld,
} from '../testing/index.ts';

const TARIFF = { perCall: 10, perSecond: 1 };
/** What is kept back for a call of a tool that may run for a minute. */
const KEPT = 70;

/** A metered project with an agent that takes many calls, and a caller that knows of it. */
async function metered(world: TestWorld, credits = 1000) {
  await servingAgent(world);
  await meter(world, { credits, ...TARIFF });
  return afresh(world);
}

const isRefused = (code: string) => expect.objectContaining({ code, status: 402 });

test('a call keeps back what it may cost, and gives back what it did not', () =>
  inWorld(async (world) => {
    const call = await askFor(world, 'demo_echo', { ctx: await metered(world) });
    expect(await accountOf(world)).toMatchObject({ granted: 1000, reserved: KEPT, settled: 0 });
    await start(world, call);
    await end(world, call, { duration_ms: 2001 });
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: 13 });
    const [last] = (await world.store.read.journal.ofInvocation(world.operator.projectId, call.id, 0)).slice(
      -1,
    );
    expect(last).toMatchObject({
      type: 'invocation.completed',
      data: { tool: 'demo_echo', duration_ms: 2001, output_bytes: 0, credit: 13 },
    });
  }));

test('a call whose time is shorter keeps back less', () =>
  inWorld(async (world) => {
    await askFor(world, 'demo_echo', { ctx: await metered(world), timeout_ms: 1500 });
    expect(await accountOf(world)).toMatchObject({ reserved: 12 });
  }));

test('a call of a tariff of nothing keeps back one credit, and costs nothing', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await meter(world, { credits: 1, perCall: 0, perSecond: 0 });
    const call = await askFor(world, 'demo_echo', { ctx: await afresh(world) });
    expect(await accountOf(world)).toMatchObject({ reserved: 1 });
    await end(world, call);
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: 0 });
  }));

test('a run that took longer than it may costs no more than was kept back', () =>
  inWorld(async (world) => {
    const call = await askFor(world, 'demo_echo', { ctx: await metered(world) });
    await end(world, call, { duration_ms: HOUR_MS });
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: KEPT });
  }));

test('a tariff that rises under a call changes nothing of what was kept back for it', () =>
  inWorld(async (world) => {
    const call = await askFor(world, 'demo_echo', { ctx: await metered(world) });
    await changeProject(world, { tariff: { per_call: 900, per_second: 0 } });
    await end(world, call);
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: KEPT });
  }));

test('a call that is cancelled before it ran costs nothing', () =>
  inWorld(async (world) => {
    const ctx = await metered(world);
    const gated = await askFor(world, 'demo_effect', { ctx });
    expect(await accountOf(world)).toMatchObject({ reserved: KEPT });
    await cancel(ctx, { id: (await rowOf(world, gated)).id });
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: 0 });
  }));

test('a run of which its agent never told costs the time it had', () =>
  inWorld(async (world) => {
    const call = await askFor(world, 'demo_write', { ctx: await metered(world) });
    await start(world, call);
    const { id, deadlineAt } = await rowOf(world, call);
    await world.clock.advance((deadlineAt ?? 0) - world.clock.now());
    await settleDeadline(systemContext(world.services, world.operator.projectId), id);
    expect(await rowOf(world, call)).toMatchObject({ status: 'timeout', result: null });
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: KEPT });
  }));

test('a call for which credit is lacking is refused, and leaves nothing', () =>
  inWorld(async (world) => {
    const ctx = await metered(world, KEPT - 1);
    const before = await world.store.read.journal.head(world.operator.projectId);
    const asked = { ctx: { ...ctx, idempotencyKey: 'one' } };
    await expect(askFor(world, 'demo_echo', asked)).rejects.toEqual(isRefused('insufficient_quota'));
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: 0 });
    expect(await world.store.read.journal.head(world.operator.projectId)).toEqual(before);
    await expect(askFor(world, 'demo_echo', { ...asked, dry_run: true })).rejects.toEqual(
      isRefused('insufficient_quota'),
    );
    expect(await askFor(world, 'demo_echo', { ...asked, timeout_ms: 1000 })).toMatchObject({ attempt: 1 });
  }));

test('of two hundred calls at once as many are let in as there is credit for', () =>
  inWorld(async (world) => {
    const ctx = await metered(world, 50 * KEPT + 30);
    const asked = await Promise.allSettled(
      Array.from({ length: 200 }, () => askFor(world, 'demo_echo', { ctx })),
    );
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(150);
    for (const reason of refused) expect(reason).toEqual(isRefused('insufficient_quota'));
    expect(await accountOf(world)).toMatchObject({ reserved: 50 * KEPT, settled: 0 });
    const calls = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    for (const call of calls)
      await (call.attempt > 0 ? end(world, call) : cancel(ctx, { id: (await rowOf(world, call)).id }));
    const ran = calls.filter(({ attempt }) => attempt > 0);
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: ran.length * 11 });
  }));

test('a project in dunning is let in with nothing new, and reads and decides as before', () =>
  inWorld(async (world) => {
    const ctx = await metered(world);
    const gated = await askFor(world, 'demo_effect', { ctx });
    const ran = await askFor(world, 'demo_echo', { ctx });
    await changeProject(world, { billing: 'delinquent' });
    const late = await afresh(world);
    const refused = isRefused('billing_delinquent');
    const nowhere = { ctx: late, workspace_id: 'ws_00000000' };
    await expect(askFor(world, 'demo_echo', { ctx: late })).rejects.toEqual(refused);
    await expect(askFor(world, 'demo_echo', nowhere)).rejects.toEqual(refused);
    await expect(rerun(late, { id: attemptOf(ran).executionId })).rejects.toEqual(refused);
    await end(world, ran);
    await cancel(late, { id: (await rowOf(world, gated)).id });
    expect(await accountOf(world)).toMatchObject({ reserved: 0, settled: 11 });
    await changeProject(world, { billing: 'current' });
    expect(await askFor(world, 'demo_echo', { ctx: await afresh(world) })).toMatchObject({ attempt: 1 });
  }));

test('a key that is known answers before billing and credit are looked at', () =>
  inWorld(async (world) => {
    const ctx = { ...(await metered(world, KEPT)), idempotencyKey: 'once' };
    const call = await askFor(world, 'demo_echo', { ctx });
    await changeProject(world, { billing: 'delinquent' });
    const late = { ...(await afresh(world)), idempotencyKey: 'once' };
    const again = await admissionOf(late, { workspace_id: call.workspace_id, tool: 'demo_echo', args: {} });
    expect(again).toMatchObject({ kind: 'replayed', body: { id: call.id } });
    expect(await accountOf(world)).toMatchObject({ reserved: KEPT });
  }));

test('a project without a tariff needs no account', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const call = await askFor(world, 'demo_echo');
    await end(world, call);
    expect((await rowOf(world, call)).creditReserved).toBeNull();
    expect(await world.store.read.credit.get(world.operator.projectId)).toBeNull();
    const [last] = (await world.store.read.journal.ofInvocation(world.operator.projectId, call.id, 0)).slice(
      -1,
    );
    expect(last?.data).not.toHaveProperty('credit');
  }));
