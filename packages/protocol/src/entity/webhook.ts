import { z } from 'zod';
import {
  AgentId,
  ApprovalId,
  DeliveryId,
  EntryId,
  ExecutionId,
  InvocationId,
  ProjectId,
  Timestamp,
  WebhookId,
  WorkspaceId,
} from '../id.ts';
import { DELIVERY_STATUSES } from '../state/delivery.ts';
import { ENTRY_TYPES, isEntryType, type EntryType } from '../entry/table.ts';
import type { JournalEntry } from './journal-entry.ts';
import { PrincipalRef } from './principal.ts';

const TIMED_OUT = 'exec.approval_timed_out';
const TIMED_OUT_IS_SAID_BY = 'exec.rejected';

/** What webhooks are sent: the second column of the table of entries, and the approvals that nobody gave in time. */
export type WebhookEvent = NonNullable<(typeof ENTRY_TYPES)[EntryType]['webhook']> | typeof TIMED_OUT;

/** Every event that a webhook may ask for. */
export const WEBHOOK_EVENTS: readonly WebhookEvent[] = [
  ...new Set(Object.values(ENTRY_TYPES).flatMap(({ webhook }) => webhook ?? [])),
  TIMED_OUT,
];

/** What a test call is sent as; nobody subscribes to it. */
export const WEBHOOK_TEST_EVENT = 'exec.test';

const Expired = z.object({ error: z.object({ code: z.literal('approval_expired') }) });

/** The event an entry is sent as; null when it is sent to nobody. */
export function webhookEventOf({ type, data }: Pick<JournalEntry, 'type' | 'data'>): WebhookEvent | null {
  const event = isEntryType(type) ? ENTRY_TYPES[type].webhook : null;
  return event === TIMED_OUT_IS_SAID_BY && Expired.safeParse(data).success ? TIMED_OUT : event;
}

/** The types of entries that some events come from; null asks for every event. */
export function entryTypesOf(events: readonly WebhookEvent[] | null): readonly EntryType[] {
  const wanted = new Set<string | null>(events ?? WEBHOOK_EVENTS);
  if (wanted.has(TIMED_OUT)) wanted.add(TIMED_OUT_IS_SAID_BY);
  return Object.keys(ENTRY_TYPES)
    .filter(isEntryType)
    .filter((type) => wanted.has(ENTRY_TYPES[type].webhook));
}

/** What is sent, as JSON. `data.seq` is the number of the entry in the journal; 0 in a test call. */
export const WebhookBody = z
  .object({
    id: EntryId,
    object: z.literal('event'),
    type: z.string(),
    created_at: Timestamp,
    project_id: ProjectId,
    data: z.object({
      seq: z.int().min(0),
      invocation_id: InvocationId.optional(),
      execution_id: ExecutionId.optional(),
      approval_id: ApprovalId.optional(),
      agent_id: AgentId.optional(),
      workspace_id: WorkspaceId.optional(),
      tool: z.string().optional(),
      status: z.string().optional(),
      error: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  })
  .meta({ id: 'WebhookBody' });
export type WebhookBody = z.infer<typeof WebhookBody>;

const Event = z.enum(WEBHOOK_EVENTS);

/** Where the events of a project are sent. `events` is null for every event; `secret` is in the answer that made it only. */
export const Webhook = z
  .object({
    object: z.literal('webhook'),
    id: WebhookId,
    project_id: ProjectId,
    url: z.string(),
    description: z.string().nullable(),
    events: z.array(Event).nullable(),
    enabled: z.boolean(),
    secret: z.string().optional(),
    last_delivered_at: Timestamp.nullable(),
    failing_since: Timestamp.nullable(),
    created_by: PrincipalRef,
    created_at: Timestamp,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

/** One event on its way to one webhook. `next_attempt_at` is null behind an earlier event of the same subject. */
export const WebhookDelivery = z
  .object({
    object: z.literal('webhook_delivery'),
    id: DeliveryId,
    webhook_id: WebhookId,
    event_id: EntryId,
    event: Event,
    seq: z.int().min(1),
    status: z.enum(DELIVERY_STATUSES),
    attempts: z.int().min(0),
    response_status: z.int().nullable(),
    error: z.string().nullable(),
    next_attempt_at: Timestamp.nullable(),
    created_at: Timestamp,
    ended_at: Timestamp.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** What came of a test call. */
export const WebhookTest = z
  .object({
    object: z.literal('webhook_test'),
    webhook_id: WebhookId,
    event_id: EntryId,
    delivered: z.boolean(),
    response_status: z.int().nullable(),
    error: z.string().nullable(),
    duration_ms: z.int().min(0),
  })
  .meta({ id: 'WebhookTest' });
export type WebhookTest = z.infer<typeof WebhookTest>;
