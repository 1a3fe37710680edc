import { expect, test } from 'vitest';
import { ENTRY_TYPES } from '../entry/table.ts';
import { entryTypesOf, WEBHOOK_EVENTS, webhookEventOf } from './webhook.ts';

const DECLARED = [
  'exec.dispatched',
  'exec.completed',
  'exec.failed',
  'exec.timeout',
  'exec.cancelled',
  'exec.rejected',
  'exec.approval_requested',
  'exec.approved',
  'exec.approval_escalated',
  'exec.approval_timed_out',
  'exec.agent_enrolled',
  'exec.agent_offline',
  'exec.agent_conflict',
  'exec.workspace_created',
] as const;

test('webhooks may ask for exactly the events that are declared', () => {
  expect(WEBHOOK_EVENTS.toSorted()).toEqual(DECLARED.toSorted());
});

test.each(Object.entries(ENTRY_TYPES).map(([type, { webhook }]) => [type, webhook]))(
  'an entry %s is sent as %j',
  (type, webhook) => {
    expect(webhookEventOf({ type, data: {} })).toBe(webhook);
  },
);

test.each([
  ['approval_expired', 'exec.approval_timed_out'],
  ['approval_rejected', 'exec.rejected'],
  ['approval_stale', 'exec.rejected'],
])('a call that was rejected for %s is sent as %s', (code, event) => {
  expect(webhookEventOf({ type: 'invocation.rejected', data: { error: { code, message: '' } } })).toBe(event);
});

test('webhookEventOf sends a type nobody declared to nobody', () => {
  expect(webhookEventOf({ type: 'weather.changed', data: {} })).toBeNull();
});

test.each([
  [['exec.failed'], ['invocation.failed']],
  [['exec.approval_timed_out'], ['invocation.rejected']],
  [
    ['exec.rejected', 'exec.agent_offline'],
    ['invocation.rejected', 'agent.offline'],
  ],
] as const)('the events %j come from entries %j', (events, types) => {
  expect(entryTypesOf(events)).toEqual(types);
});

test.each(WEBHOOK_EVENTS)(
  '%s comes from an entry, and from one of those that every event comes from',
  (event) => {
    const types = entryTypesOf([event]);
    expect(types).not.toEqual([]);
    expect(entryTypesOf(null)).toEqual(expect.arrayContaining([...types]));
  },
);
