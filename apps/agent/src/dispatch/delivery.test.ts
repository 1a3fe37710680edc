import { readFileSync } from 'node:fs';
import { CREDIT_WINDOW_BYTES, sha256Hex, type WorkOrder } from '@xem/protocol';
import { expect, test } from 'vitest';
import { resultOf, useAgentRig, type AgentRig } from '../testing/agent-rig.ts';

const LONG = { timeout: 120_000 };
const MEBIBYTE = 1024 * 1024;

/** The bytes of the flood's binary pattern: byte i is the exclusive or of the four bytes of i. */
function flood(bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  for (let i = 0; i < bytes; i += 1) made[i] = (i ^ (i >> 8) ^ (i >> 16) ^ (i >> 24)) & 0xff;
  return made;
}

const received = ({ router }: AgentRig, work: WorkOrder): number =>
  router.output.bytes(work, 'stdout').length + router.output.bytes(work, 'stderr').length;

const giveCredit = ({ router }: AgentRig, { execution_id, attempt }: WorkOrder, bytes: number) =>
  router.send({ kind: 'credit', body: { v: 1, execution_id, attempt, bytes } });

test(
  'attempt.deliver stops at the window, both streams together, and goes on with credit',
  LONG,
  async () => {
    const rig = await useAgentRig();
    const { router } = rig;
    router.script.givesCredit = false;
    rig.start();
    const work = await rig.order({ tool: 'demo_flood', args: { bytes: 300_000, stream: 'both' } });
    await router.dispatch(work);
    await router.until(() => received(rig, work) === CREDIT_WINDOW_BYTES);
    const renewals = router.of('lease_renewal').length;
    await router.until(() => router.of('lease_renewal').length > renewals + 2);
    expect(received(rig, work)).toBe(CREDIT_WINDOW_BYTES);
    expect(router.of('result')).toEqual([]);
    await giveCredit(rig, work, 1000);
    await router.until(() => received(rig, work) === CREDIT_WINDOW_BYTES + 1000);
    await giveCredit(rig, work, MEBIBYTE);
    const result = await resultOf(rig, work);
    const expected = { bytes: 300_000, sha256: sha256Hex(flood(300_000)), truncated: false };
    expect(result).toMatchObject({ status: 'completed', stdout: expected, stderr: expected });
    expect(sha256Hex(router.output.bytes(work, 'stdout'))).toBe(expected.sha256);
    expect(sha256Hex(router.output.bytes(work, 'stderr'))).toBe(expected.sha256);
  },
);

const residentBytes = (pid: number | undefined): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

test('attempt.deliver brings 64 MiB to the last byte in bounded memory', LONG, async () => {
  const rig = await useAgentRig();
  const agent = rig.start();
  const work = await rig.order({ tool: 'demo_flood', args: { bytes: 64 * MEBIBYTE } });
  const before = residentBytes(agent.child.pid);
  await rig.router.dispatch(work);
  const result = await resultOf(rig, work);
  const bytes = rig.router.output.bytes(work, 'stdout');
  expect(result.stdout).toMatchObject({ bytes: 64 * MEBIBYTE, sha256: sha256Hex(bytes) });
  expect(bytes.equals(flood(64 * MEBIBYTE))).toBe(true);
  expect(residentBytes(agent.child.pid) - before).toBeLessThan(64 * MEBIBYTE);
});

test('attempt.deliver begins a new session from what the router has', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  router.script.givesCredit = false;
  rig.start();
  const work = await rig.order({ tool: 'demo_flood', args: { bytes: 2 * CREDIT_WINDOW_BYTES } });
  await router.dispatch(work);
  await router.until(() => received(rig, work) === CREDIT_WINDOW_BYTES);
  const { execution_id, attempt } = work;
  router.script.welcome = { resume: [{ execution_id, attempt, stdout: received(rig, work), stderr: 0 }] };
  const first = await router.session();
  const sent = router.of('output').length;
  router.mesh.close(first.name, { code: 'session_replaced', message: 'test' });
  const result = await resultOf(rig, work);
  expect(router.hellos[1]?.hello.unacknowledged).toEqual([{ execution_id, attempt, state: 'ended' }]);
  expect(router.of('output')[sent]?.body.offset).toBe(CREDIT_WINDOW_BYTES);
  expect(sha256Hex(router.output.bytes(work, 'stdout'))).toBe(result.stdout.sha256);
});

test(
  'attempt.deliver repeats a result until it is acknowledged, and then forgets the run',
  LONG,
  async () => {
    const rig = await useAgentRig();
    const { router } = rig;
    router.script.acksResults = false;
    rig.start();
    const work = await rig.order({ tool: 'demo_echo' });
    await router.dispatch(work);
    await router.until(() => router.of('result').length === 2);
    const { execution_id, attempt } = work;
    await router.send({ kind: 'result_ack', body: { v: 1, execution_id, attempt } });
    const idle = () => router.of('lease_renewal').at(-1)?.body.in_flight.length === 0;
    await router.until(idle);
    expect(rig.spool()).toEqual([]);
  },
);
