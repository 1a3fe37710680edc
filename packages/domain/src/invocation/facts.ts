import type { EntryData, EntryTypeOf } from '@xem/protocol';
import type { InvocationRecord } from '@xem/store';
import type { FactOf } from '../mutate.ts';

/** What the journal hears of an invocation. */
export const invocationFact = <Type extends EntryTypeOf<'invocation'>>(
  type: Type,
  row: InvocationRecord,
  data: EntryData<Type>,
): FactOf<Type> => ({
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
