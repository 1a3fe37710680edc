import { AgentId, ExecutionId, ProjectId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createFleet, type Arrival } from './fleet.ts';

const agentId = (digit: string): AgentId => AgentId.parse(`agt_${digit.repeat(24)}`);
const executionId = (digit: string): ExecutionId =>
  ExecutionId.parse(`${digit.repeat(8)}-0000-7000-8000-${digit.repeat(12)}`);
const [A, B] = [agentId('a'), agentId('b')];
const [FIRST, SECOND, THIRD] = [executionId('1'), executionId('2'), executionId('3')];

const arrival = (id: AgentId, change: Partial<Arrival> = {}): Arrival => ({
  agentId: id,
  projectId: ProjectId.parse(`prj_${'0'.repeat(24)}`),
  epoch: 1,
  journalId: '0'.repeat(24),
  session: `session of ${id}`,
  slots: 2,
  inFlight: [],
  leaseEndsAt: 30_000,
  lastRenewalAt: 0,
  ...change,
});

test('fleet.free names the least loaded agent first', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A, { slots: 4, inFlight: [FIRST, SECOND] }));
  fleet.arrive(arrival(B, { slots: 4, inFlight: [THIRD] }));
  expect(fleet.free([A, B]).map((agent) => agent.agentId)).toEqual([B, A]);
});

test.each([
  ['without a session', { session: null }],
  ['with every slot taken', { slots: 1, inFlight: [FIRST] }],
])('fleet.free leaves out an agent %s', (_why, change) => {
  const fleet = createFleet();
  fleet.arrive(arrival(A, change));
  expect(fleet.free([A])).toEqual([]);
});

test('fleet.free leaves out an agent that is held, until it is held no more', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A));
  fleet.hold(A, true);
  expect(fleet.free([A])).toEqual([]);
  fleet.hold(A, false);
  expect(fleet.free([A])).toHaveLength(1);
});

test('fleet.take hands out as many slots as there are, and one more for each that comes back', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A, { slots: 1 }));
  expect([fleet.take(A, FIRST), fleet.take(A, SECOND)]).toEqual([true, false]);
  fleet.release(A, THIRD);
  expect(fleet.take(A, SECOND)).toBe(false);
  fleet.release(A, FIRST);
  expect(fleet.take(A, SECOND)).toBe(true);
});

test('fleet.disconnect of an older session leaves the newer one alone', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A, { session: 'old' }));
  fleet.arrive(arrival(A, { session: 'new' }));
  fleet.disconnect(A, 'old');
  expect(fleet.find(A)?.session).toBe('new');
});

test('fleet.extendLeases lengthens leases and never shortens one', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A, { leaseEndsAt: 10 }));
  fleet.arrive(arrival(B, { leaseEndsAt: 50 }));
  fleet.extendLeases(30);
  expect([fleet.find(A)?.leaseEndsAt, fleet.find(B)?.leaseEndsAt]).toEqual([30, 50]);
});
