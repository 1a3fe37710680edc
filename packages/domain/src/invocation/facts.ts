import type { EntryType } from '@xem/protocol';
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
