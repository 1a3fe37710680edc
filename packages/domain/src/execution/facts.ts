import type { EntryData, EntryTypeOf, RefusalReason } from '@xem/protocol';
import type { ExecutionRecord } from '@xem/store';
import type { Fact, FactOf } from '../mutate.ts';

/** What the journal hears of an attempt. */
const executionFact = <Type extends EntryTypeOf<'execution'>>(
  type: Type,
  row: ExecutionRecord,
  data: EntryData<Type>,
): FactOf<Type> => ({
  type,
  subject: { type: 'execution', id: row.id },
  refs: {
    invocation_id: row.invocationId,
    execution_id: row.id,
    agent_id: row.agentId,
    workspace_id: row.workspaceId,
  },
  data,
});

const digestOf = (stream: ExecutionRecord['stdout']) =>
  stream && { bytes: stream.bytes, sha256: stream.sha256 };

const reportOf = ({ attempt, status, exitCode, stdout, stderr }: ExecutionRecord) => ({
  attempt,
  status,
  exit_code: exitCode,
  stdout: digestOf(stdout),
  stderr: digestOf(stderr),
});

/** The entry that says how an attempt ended. */
export const executionEnded = (row: ExecutionRecord): Fact =>
  executionFact('execution.ended', row, reportOf(row));

/** The entry of a report that came too late to move anything. */
export const evidenceKept = (row: ExecutionRecord): Fact =>
  executionFact('execution.evidence', row, reportOf(row));

/** The entry of an order that its agent did not take. */
export const executionRefused = (row: ExecutionRecord, reason: RefusalReason): Fact =>
  executionFact('execution.refused', row, { attempt: row.attempt, status: row.status, reason });
