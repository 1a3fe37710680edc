import type { EntryId, JournalEntry, WebhookBody, WebhookEvent } from '@xem/protocol';
import { z } from 'zod';

/** What became of the execution, the invocation, the approval or the agent that an event is about. */
const STATUS: Readonly<Record<WebhookEvent, string | null>> = {
  'exec.dispatched': 'dispatched',
  'exec.completed': 'completed',
  'exec.failed': 'failed',
  'exec.timeout': 'timeout',
  'exec.cancelled': 'cancelled',
  'exec.rejected': 'rejected',
  'exec.approval_timed_out': 'rejected',
  'exec.approval_requested': 'pending',
  'exec.approval_escalated': 'pending',
  'exec.approved': 'approved',
  'exec.agent_enrolled': null,
  'exec.agent_offline': 'offline',
  'exec.agent_conflict': 'conflict',
  'exec.workspace_created': null,
};

const Cause = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

interface Said {
  readonly entry: JournalEntry;
  readonly event: WebhookEvent;
  /** The tool of the call that the event is about. */
  readonly tool: string | null;
}

/** The event that is sent for an entry. */
export function eventBody({ entry, event, tool }: Said): WebhookBody {
  const status = STATUS[event];
  const cause = Cause.safeParse(entry.data);
  return {
    id: entry.id,
    object: 'event',
    type: event,
    created_at: entry.at,
    project_id: entry.project_id,
    data: {
      seq: entry.seq,
      ...entry.refs,
      ...(tool !== null && { tool }),
      ...(status !== null && { status }),
      ...(cause.success && { error: cause.data.error }),
    },
  };
}

/** What an event is about: those of one subject are sent one after another. */
export const subjectOf = ({ refs, subject }: JournalEntry): string =>
  refs.invocation_id ?? refs.agent_id ?? refs.workspace_id ?? subject.id;

/** The event of a test call; it is in no journal. */
export const testBody = ({
  id,
  at,
  projectId,
}: {
  readonly id: EntryId;
  readonly at: string;
  readonly projectId: JournalEntry['project_id'];
}): WebhookBody => ({
  id,
  object: 'event',
  type: 'exec.test',
  created_at: at,
  project_id: projectId,
  data: { seq: 0 },
});
