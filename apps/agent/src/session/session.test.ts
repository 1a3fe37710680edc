import { WorkspaceId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { resultOf, useAgentRig } from '../testing/agent-rig.ts';

const LONG = { timeout: 120_000 };
const ANOTHER = WorkspaceId.parse('ws_aaaaaaaaaaaaaaaa');

test('lease.renew goes on while tools run, and names what is in flight', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  rig.start({ XEM_MAX_CONCURRENT_EXECUTIONS: '3' });
  const work = await rig.order({ tool: 'demo_sleep', args: { seconds: 30 } });
  await router.dispatch(work);
  const { execution_id, attempt } = work;
  const busy = await router.until(() =>
    router.of('lease_renewal').find(({ body }) => body.in_flight.length > 0),
  );
  expect(busy.body).toMatchObject({
    in_flight: [{ execution_id, attempt }],
    load: { slots: 3, in_flight: 1 },
  });
});

test('lease.renew tells how long the answer to the one before took', LONG, async () => {
  const { router, start } = await useAgentRig();
  start();
  const told = await router.until(() => router.of('lease_renewal')[2]?.body.round_trip_ms);
  expect(told).toBeGreaterThan(0);
  expect(router.of('lease_renewal')[0]?.body.round_trip_ms).toBeUndefined();
});

test('lease.lapse stops new work until the router answers again', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  router.script.ttlMs = 1000;
  router.script.intervalMs = 250;
  router.script.acksLeases = false;
  rig.start();
  await router.until(() => router.of('lease_renewal').length > 5);
  const late = await rig.order({ tool: 'demo_echo' });
  await router.dispatch(late);
  const refusal = await router.until(() => router.of('refuse')[0]);
  expect(refusal.body).toMatchObject({ execution_id: late.execution_id, reason: 'paused' });
  expect(refusal.body.message).toContain('lease');
  router.script.acksLeases = true;
  const renewals = router.of('lease_renewal').length;
  await router.until(() => router.of('lease_renewal').length > renewals + 1);
  const next = await rig.order({ tool: 'demo_echo' });
  await router.dispatch(next);
  expect(await resultOf(rig, next)).toMatchObject({ status: 'completed' });
});

test('lease.lapse ends a session in which nothing is answered, and opens another', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  router.script.ttlMs = 300;
  router.script.intervalMs = 100;
  router.script.acksLeases = false;
  rig.start();
  await router.until(() => router.hellos.length > 1);
  router.script.acksLeases = true;
  const next = await rig.order({ tool: 'demo_echo' });
  await router.dispatch(next);
  expect(await resultOf(rig, next)).toMatchObject({ status: 'completed' });
});

test('manifest.publish follows the bindings that the router tells', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  router.script.intervalMs = 60_000;
  rig.start();
  await router.until(() => router.of('lease_renewal').length === 1);
  router.script.moreBindings.push(ANOTHER);
  await router.tell({});
  const { body } = await router.until(() => router.of('lease_renewal')[1]);
  expect(body).toMatchObject({ manifest_version: 2, manifest: { manifest_version: 2 } });
  expect(JSON.stringify(body.manifest)).toContain(ANOTHER);
  const work = await rig.order({ tool: 'demo_echo', workspace_id: ANOTHER });
  await router.dispatch(work);
  expect(await resultOf(rig, work)).toMatchObject({ status: 'completed' });
});

test('manifest.publish names only the workspaces that the setting allows', LONG, async () => {
  const rig = await useAgentRig();
  rig.start({ XEM_WORKSPACES: ANOTHER });
  const { body } = await rig.router.until(() => rig.router.enrolls[0]);
  expect(body.manifest).toMatchObject({ workspaces: [] });
});

test('manifest.publish sends the manifest when it is asked for', LONG, async () => {
  const rig = await useAgentRig();
  rig.router.script.welcome = { send_manifest: true };
  rig.start();
  const { body } = await rig.router.until(() => rig.router.of('lease_renewal')[0]);
  expect(body.manifest).toMatchObject({ manifest_version: body.manifest_version });
});

test('session.account reports an attempt that it knows nothing of as lost', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  rig.start();
  const unknown = await rig.order({ tool: 'demo_echo' });
  const { execution_id, attempt } = unknown;
  await router.until(() => router.of('lease_renewal').length > 0);
  await router.tell({ missing: [{ execution_id, attempt }] });
  expect(await resultOf(rig, unknown)).toMatchObject({ status: 'lost', ended_by: 'unknown' });
  await router.dispatch(unknown);
  await router.until(() => router.of('accept').length > 0);
  expect(router.output.bytes(unknown, 'stdout')).toHaveLength(0);
});

test('session.abort ends runs that the router no longer waits for', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  rig.start();
  const work = await rig.order({ tool: 'demo_sleep', args: { seconds: 60 } });
  await router.dispatch(work);
  await router.until(() => router.of('accept').length > 0);
  const { execution_id, attempt } = work;
  router.script.welcome = { abort: [{ execution_id, attempt }] };
  router.mesh.close((await router.session()).name, { code: 'session_replaced', message: 'test' });
  expect(await resultOf(rig, work)).toMatchObject({ status: 'cancelled' });
});

test('session.conflict is told to the operator, and the agent works on', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const agent = rig.start({ XEM_SHUTDOWN_GRACE_SECONDS: '30' });
  await router.until(() => router.of('lease_renewal').length > 0);
  await router.send({
    kind: 'conflict',
    body: {
      v: 1,
      code: 'agent_name_conflict',
      incumbent_fingerprint: '0123456789abcdef',
      challenger_fingerprint: 'fedcba9876543210',
      message: 'two agents are online as agent-01',
      operator_action: 'Run xeroctl agents resolve-conflict.',
    },
  });
  const seen = router.of('lease_renewal').length;
  await router.until(() => router.of('lease_renewal').length > seen + 1);
  const work = await rig.order({ tool: 'demo_echo', args: { hello: 'mesh' } });
  await router.dispatch(work);
  expect(await resultOf(rig, work)).toMatchObject({ status: 'completed' });
  expect(agent.words()).toContain('agent.name_contested');
  expect(agent.words()).toContain('resolve-conflict');
});

test('session.conflict that was lost ends the agent with 78 and says what to do', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const agent = rig.start({ XEM_SHUTDOWN_GRACE_SECONDS: '30' });
  const { name } = await router.session();
  router.mesh.close(name, { code: 'agent_name_conflict', message: 'the other agent has the name' });
  expect(await agent.exit).toMatchObject({ code: 78 });
  expect(agent.words()).toContain('agent_name_conflict: the other agent has the name');
  expect(agent.words()).toContain('xeroctl agents resolve-conflict');
  expect(agent.words()).toContain('To enrol again');
});

test('session.dismissed ends what the agent runs with it, where it is set to', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const agent = rig.start();
  const work = await rig.order({ tool: 'demo_sleep', args: { seconds: 60 } });
  await router.dispatch(work);
  await router.until(() => router.of('accept').length > 0);
  const { name } = await router.session();
  router.mesh.close(name, { code: 'evicted', message: 'a person took this agent out of the mesh' });
  expect(await agent.exit).toMatchObject({ code: 78 });
  expect(() => rig.killTools(work)).toThrow('ESRCH');
});

test('session.refused ends an agent that the router does not know any more with 78', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const first = rig.start();
  await router.until(() => router.of('lease_renewal').length > 0);
  await first.kill();
  router.script.refused = { code: 'agent_evicted', message: 'this agent was evicted' };
  const second = rig.start();
  expect(await second.exit).toMatchObject({ code: 78 });
  expect(second.words()).toContain('agent_evicted: this agent was evicted');
  expect(second.words()).toContain('To enrol again');
});
