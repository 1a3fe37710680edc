import { expect, test } from 'vitest';
import { AGENT_ADMITTED, AGENT_STATUSES, agentMachine } from './agent.ts';
import { APPROVAL_STATUSES, APPROVAL_TERMINAL, approvalMachine } from './approval.ts';
import { DELIVERY_STATUSES, deliveryMachine } from './delivery.ts';
import { EXECUTION_STATUSES, EXECUTION_TERMINAL, executionMachine } from './execution.ts';
import { INVOCATION_STATUSES, INVOCATION_TERMINAL, invocationMachine } from './invocation.ts';
import { JOIN_KEY_USE_STATUSES, joinKeyUseMachine } from './join-key.ts';
import { target, terminalStates, type Machine } from './machine.ts';
import { MAINTENANCE_STATUSES, maintenanceMachine } from './maintenance.ts';

interface Spelled {
  readonly name: string;
  readonly machine: Machine<string, string, string>;
  readonly states: readonly string[];
  /** Every arrow there is, `from event to`. */
  readonly arrows: string;
}

const MACHINES: readonly Spelled[] = [
  {
    name: 'invocation',
    machine: invocationMachine,
    states: INVOCATION_STATUSES,
    arrows: `
      pending_approval approve queued
      pending_approval reject rejected
      pending_approval expire rejected
      pending_approval escalate pending_approval
      pending_approval goStale rejected
      pending_approval cancel cancelled
      pending_approval revokeRequester cancelled
      queued goStale rejected
      queued cancel cancelled
      queued revokeRequester cancelled
      queued dispatch queued
      queued requeue queued
      queued refuseOrder failed
      queued outwait timeout
      queued recallOrder queued
      queued confirmCancel cancelled
      queued start running
      queued lose failed
      running complete completed
      running fail failed
      running timeOut timeout
      running requestCancel running
      running confirmCancel cancelled
      running requeue queued
      running lose failed`,
  },
  {
    name: 'execution',
    machine: executionMachine,
    states: EXECUTION_STATUSES,
    arrows: `
      dispatched accept running
      dispatched refuse refused
      dispatched lose lost
      dispatched cancel cancelled
      running complete completed
      running fail failed
      running timeOut timeout
      running cancel cancelled
      running lose lost`,
  },
  {
    name: 'approval',
    machine: approvalMachine,
    states: APPROVAL_STATUSES,
    arrows: `
      pending vote pending
      pending escalate pending
      pending approve approved
      pending reject rejected
      pending expire expired
      pending withdraw withdrawn`,
  },
  {
    name: 'agent',
    machine: agentMachine,
    states: AGENT_STATUSES,
    arrows: `
      offline connect online
      online connect online
      online lapse offline
      online clash conflict
      offline clash conflict
      conflict reconnect conflict
      conflict resolve offline
      online evict evicted
      offline evict evicted
      conflict evict evicted
      online revokeCredentials evicted
      offline revokeCredentials evicted
      conflict revokeCredentials evicted
      evicted revokeCredentials evicted
      online ban banned
      offline ban banned
      conflict ban banned
      evicted ban banned
      online retire retired
      offline retire retired
      conflict retire retired`,
  },
  {
    name: 'use of a join key',
    machine: joinKeyUseMachine,
    states: JOIN_KEY_USE_STATUSES,
    arrows: `
      reserved confirm confirmed
      reserved lapse lapsed`,
  },
  {
    name: 'delivery of a webhook',
    machine: deliveryMachine,
    states: DELIVERY_STATUSES,
    arrows: `
      pending deliver delivered
      pending retry pending
      pending giveUp failed`,
  },
  {
    name: 'maintenance window',
    machine: maintenanceMachine,
    states: MAINTENANCE_STATUSES,
    arrows: `
      scheduled start in_progress
      in_progress complete completed
      scheduled cancel cancelled
      in_progress cancel cancelled`,
  },
];

const spelled = (arrows: string): readonly string[] =>
  arrows
    .trim()
    .split('\n')
    .map((arrow) => arrow.trim());

test.each(MACHINES)('the $name has exactly the arrows it shall have', ({ machine, states, arrows }) => {
  const found = states.flatMap((state) =>
    Object.keys(machine.arrows).flatMap((event) => {
      const to = target(machine, state, event);
      return to === null ? [] : [`${state} ${event} ${to}`];
    }),
  );
  expect(found.toSorted()).toEqual(spelled(arrows).toSorted());
});

test.each(MACHINES)('the $name reaches every state but those it can begin in', ({ machine, states }) => {
  const reached = new Set(Object.values(machine.arrows).map(({ to }) => to));
  const begins = new Set([
    'queued',
    'pending_approval',
    'dispatched',
    'pending',
    'offline',
    'reserved',
    'scheduled',
  ]);
  expect(states.filter((state) => !reached.has(state) && !begins.has(state))).toEqual([]);
});

test.each([
  ['invocation', INVOCATION_TERMINAL, ['completed', 'failed', 'cancelled', 'rejected', 'timeout']],
  ['execution', EXECUTION_TERMINAL, ['completed', 'failed', 'cancelled', 'timeout', 'lost', 'refused']],
  ['approval', APPROVAL_TERMINAL, ['approved', 'rejected', 'expired', 'withdrawn']],
  ['agent', terminalStates(agentMachine), ['banned', 'retired']],
])('the %s ends in these states and no others', (_name, ends, expected) => {
  expect([...ends]).toEqual(expected);
});

test('the agent may connect in these states and no others', () => {
  expect([...AGENT_ADMITTED]).toEqual(['online', 'offline', 'conflict']);
});

test.each([
  [invocationMachine, 'invocation_terminal'],
  [approvalMachine, 'approval_not_pending'],
  [executionMachine, 'invalid_state'],
  [agentMachine, 'invalid_state'],
  [maintenanceMachine, 'already_terminal'],
])('an event without an arrow is refused with the code of its machine', (machine, code) => {
  expect(machine.refusal).toBe(code);
});
