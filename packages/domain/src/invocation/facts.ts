import { INVOCATION_TERMINAL, type EntryType, type InvocationStatus } from '@xem/protocol';
import type { InvocationRecord } from '@xem/store';
import type { Fact } from '../mutate.ts';

/** What the journal hears of an invocation. */
export const invocationFact = (
  type: EntryType & `invocation.${string}`,
  row: InvocationRecord,
  data: Fact['data'] = {},
): Fact => ({
  type,
  subject: { type: 'invocation', id: row.id },
  refs: {
    invocation_id: row.id,
    workspace_id: row.workspaceId,
    ...(row.executionId && { execution_id: row.executionId }),
    ...(row.agentId && { agent_id: row.agentId }),
    ...(row.approval && { approval_id: row.approval.id }),
  },
  data,
});

type Ended = Exclude<InvocationStatus, 'queued' | 'pending_approval' | 'running'>;

const hasEnded = (status: InvocationStatus): status is Ended => INVOCATION_TERMINAL.has(status);

/** The entry that says how an invocation ended. @throws Error when it has not */
export function endFact(row: InvocationRecord): Fact {
  if (!hasEnded(row.status)) throw new Error(`invocation ${row.id} has not ended: ${row.status}`);
  return invocationFact(`invocation.${row.status}`, row, {
    error: row.error,
    exit_code: row.result?.exitCode ?? null,
  });
}
