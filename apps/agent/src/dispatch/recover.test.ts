import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CREDIT_WINDOW_BYTES, sha256Hex } from '@xem/protocol';
import { expect, test } from 'vitest';
import { decided, resultOf, useAgentRig } from '../testing/agent-rig.ts';

const LONG = { timeout: 120_000 };

test('agent.restart finds a run again that went on without it, and delivers it once', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const door = rig.door('restart');
  const first = rig.start();
  const work = await rig.order({ tool: 'gate_write', args: { door: door.path } });
  await router.dispatch(work);
  await router.until(() => router.output.bytes(work, 'stdout').toString() === 'before\n');
  await first.kill();
  rig.start();
  const { hello } = await router.until(() => router.hellos[1]);
  const { execution_id, attempt } = work;
  expect(hello.unacknowledged).toEqual([{ execution_id, attempt, state: 'running' }]);
  door.open();
  const result = await resultOf(rig, work);
  expect(result).toMatchObject({ status: 'completed', exit_code: 0 });
  const bytes = router.output.bytes(work, 'stdout');
  expect(bytes.toString()).toBe('before\nafter\n');
  expect(result.stdout.sha256).toBe(sha256Hex(bytes));
  expect(door.starts()).toBe(1);
  expect(router.of('result')).toHaveLength(1);
});

test(
  'agent.stop leaves runs alone when it is told to detach, and the next agent brings their end',
  LONG,
  async () => {
    const rig = await useAgentRig();
    const { router } = rig;
    const door = rig.door('detached');
    const first = rig.start({ XEM_ON_SHUTDOWN: 'detach' });
    const work = await rig.order({ tool: 'gate_write', args: { door: door.path } });
    await router.dispatch(work);
    await router.until(() => router.output.bytes(work, 'stdout').length > 0);
    first.child.kill('SIGTERM');
    expect(await first.exit).toEqual({ code: 0, signal: null });
    door.open();
    rig.start();
    expect(await resultOf(rig, work)).toMatchObject({ status: 'completed', exit_code: 0 });
    expect(door.starts()).toBe(1);
  },
);

test('agent.stop takes no new work while it waits for what runs', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const door = rig.door('draining');
  const agent = rig.start({ XEM_SHUTDOWN_GRACE_SECONDS: '30' });
  const work = await rig.order({ tool: 'gate_write', args: { door: door.path } });
  await router.dispatch(work);
  await router.until(() => router.output.bytes(work, 'stdout').length > 0);
  agent.child.kill('SIGTERM');
  await router.until(() => router.of('lease_renewal').at(-1)?.body.load.slots === 0);
  await router.dispatch(await rig.order({ tool: 'demo_echo' }));
  const { body } = await router.until(() => router.of('refuse')[0]);
  expect(body.reason).toBe('draining');
  door.open();
  expect(await resultOf(rig, work)).toMatchObject({ status: 'completed' });
  expect(await agent.exit).toEqual({ code: 0, signal: null });
});

test('agent.restart reads a run that ended meanwhile, to the last byte', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  router.script.givesCredit = false;
  const first = rig.start();
  const bytes = 2 * CREDIT_WINDOW_BYTES;
  const work = await rig.order({ tool: 'demo_flood', args: { bytes, pattern: 'text' } });
  await router.dispatch(work);
  const received = () => router.output.bytes(work, 'stdout').length;
  await router.until(() => received() === CREDIT_WINDOW_BYTES);
  await first.kill();
  router.script.givesCredit = true;
  rig.start();
  const result = await resultOf(rig, work);
  expect(result).toMatchObject({ status: 'completed', stdout: { bytes } });
  expect(sha256Hex(router.output.bytes(work, 'stdout'))).toBe(result.stdout.sha256);
});

test(
  'agent.restart reports as lost what it cannot account for, and never starts it again',
  LONG,
  async () => {
    const rig = await useAgentRig();
    const { router } = rig;
    const first = rig.start();
    const work = await rig.order({ tool: 'demo_sleep', args: { seconds: 300 } });
    await router.dispatch(work);
    await router.until(() => router.of('accept').length > 0);
    await first.kill();
    rig.killTools(work);
    rmSync(join(rig.stateDir, 'spool'), { recursive: true });
    rig.start();
    const error = { code: 'agent_lost' };
    expect(await resultOf(rig, work)).toMatchObject({ status: 'lost', ended_by: 'unknown', error });
  },
);

test('agent.restart reports what was killed meanwhile as lost, with its output', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const door = rig.door('killed');
  const first = rig.start();
  const work = await rig.order({ tool: 'gate_write', args: { door: door.path } });
  await router.dispatch(work);
  await router.until(() => router.output.bytes(work, 'stdout').length > 0);
  await first.kill();
  rig.killTools(work);
  rig.start();
  const stdout = { bytes: 7, sha256: sha256Hex('before\n') };
  expect(await resultOf(rig, work)).toMatchObject({ status: 'lost', ended_by: 'unknown', stdout });
});

test('agent.restart answers an order that it has run before, and runs it no second time', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const first = rig.start();
  const work = decided(await rig.order({ tool: 'demo_effect', args: { id: 1 } }));
  await router.dispatch(work, { isSigned: true });
  await resultOf(rig, work);
  await router.until(() => router.of('lease_renewal').at(-1)?.body.in_flight.length === 0);
  await first.kill();
  rig.start();
  await router.until(() => router.hellos.length === 2);
  const { name: session, epoch } = await router.session();
  await router.dispatch({ ...work, session, epoch }, { isSigned: true });
  await router.until(() => router.of('accept').length === 2);
  expect(rig.effects()).toHaveLength(1);
});

test('agent.restart forgets what the router has settled', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  router.script.acksResults = false;
  const first = rig.start();
  const work = await rig.order({ tool: 'demo_echo' });
  await router.dispatch(work);
  await router.until(() => router.of('result').length === 2);
  await first.kill();
  const { execution_id, attempt } = work;
  router.script.welcome = { settled: [{ execution_id, attempt }] };
  rig.start();
  await router.until(() => router.hellos.length === 2);
  const renewals = router.of('lease_renewal').length;
  await router.until(() => router.of('lease_renewal').length > renewals);
  expect(router.of('lease_renewal').at(-1)?.body.in_flight).toEqual([]);
  await router.until(() => rig.spool().length === 0);
});
