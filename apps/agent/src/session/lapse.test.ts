import { systemClock } from '@xem/runtime';
import { expect, test } from 'vitest';
import { resultOf, useAgentRig } from '../testing/agent-rig.ts';

const LONG = { timeout: 120_000 };
const clock = systemClock();
const TTL_MS = 600;

test('lease.lapse keeps from running what was sent while the agent was stopped', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  router.script.ttlMs = TTL_MS;
  const agent = rig.start();
  await router.until(() => router.of('lease_renewal').length > 2);
  agent.child.kill('SIGSTOP');
  const late = await rig.order({ tool: 'demo_echo' });
  await router.dispatch(late);
  await clock.sleep(TTL_MS * 1.5);
  agent.child.kill('SIGCONT');
  // Stopped for more than two leases, which a busy machine may make of it, the agent says hello again instead.
  const refusal = await router.until(() => router.of('refuse')[0] ?? router.hellos.length > 1);
  if (refusal !== true) {
    expect(refusal.body).toMatchObject({ execution_id: late.execution_id, reason: 'paused' });
    expect(refusal.body.message).toBe('the lease has lapsed');
  }
  expect(router.of('accept')).toEqual([]);
  const renewals = router.of('lease_renewal').length;
  await router.until(() => router.of('lease_renewal').length > renewals + 1);
  const next = await rig.order({ tool: 'demo_echo' });
  await router.dispatch(next);
  expect(await resultOf(rig, next)).toMatchObject({ status: 'completed' });
});
