import { AgentId, ExecutionId, ProjectId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createFleet, type Arrival, type Fleet } from './fleet.ts';

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

const picked = (fleet: Fleet, newcomer = false) => fleet.pick([A, B], newcomer)?.agentId ?? null;

test('fleet.pick takes the least loaded agent', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A, { slots: 4, inFlight: [FIRST, SECOND] }));
  fleet.arrive(arrival(B, { slots: 4, inFlight: [THIRD] }));
  expect(picked(fleet)).toBe(B);
});

test('fleet.pick takes of equally loaded agents the one that was given something longest ago', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A));
  fleet.arrive(arrival(B));
  const turns = [FIRST, SECOND, THIRD].map((execution) => {
    const agent = picked(fleet) ?? A;
    fleet.take(agent, execution);
    fleet.release(agent, execution);
    return agent;
  });
  expect(turns).toEqual([A, B, A]);
});

test.each([
  ['without a session', { session: null }],
  ['with every slot taken', { slots: 1, inFlight: [FIRST] }],
  ['whose slots became fewer than it runs', { slots: 1, inFlight: [FIRST, SECOND] }],
])('fleet.pick leaves out an agent %s', (_why, change) => {
  const fleet = createFleet();
  const only = arrival(A, change);
  fleet.arrive(only);
  expect([picked(fleet), fleet.roomOf(A), fleet.hasRoom(only.projectId)]).toEqual([null, 0, false]);
});

test('fleet.pick leaves out an agent until every hold on it is gone', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A));
  fleet.hold(A, 'refused');
  fleet.hold(A, 'slow');
  fleet.unhold(A, 'refused');
  expect(picked(fleet)).toBeNull();
  fleet.unhold(A, 'slow');
  expect(picked(fleet)).toBe(A);
});

test('fleet.pick leaves out an agent for a newcomer while its slots are offered to what waits', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A));
  fleet.reserve(A, true);
  expect([picked(fleet, true), picked(fleet, false)]).toEqual([null, A]);
  fleet.reserve(A, false);
  expect(picked(fleet, true)).toBe(A);
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

test('fleet.arrive brings back no attempt that ended before', () => {
  const fleet = createFleet();
  fleet.release(A, FIRST);
  fleet.arrive(arrival(A, { inFlight: [FIRST, SECOND] }));
  expect(fleet.find(A)?.inFlight).toEqual(new Set([SECOND]));
});

test('fleet.connect opens the session of an epoch and leaves the slots as they are', () => {
  const fleet = createFleet();
  fleet.arrive(arrival(A, { session: null, inFlight: [FIRST] }));
  fleet.release(A, FIRST);
  expect(fleet.connect(A, { epoch: 1, session: 'new' })).toBe(true);
  expect(fleet.find(A)).toMatchObject({ session: 'new', inFlight: new Set() });
});

test.each([
  ['that has left', B, 1],
  ['that is in a later epoch', A, 0],
])('fleet.connect refuses the session of an agent %s', (_why, agent, epoch) => {
  const fleet = createFleet();
  fleet.arrive(arrival(A, { session: null }));
  expect(fleet.connect(agent, { epoch, session: 'old' })).toBe(false);
  expect(fleet.find(A)?.session).toBeNull();
});
