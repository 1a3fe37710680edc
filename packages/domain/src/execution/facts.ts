import type { EntryType } from '@xem/protocol';
import type { ExecutionRecord } from '@xem/store';
import type { Fact } from '../mutate.ts';

/** What the journal hears of an attempt. */
export const executionFact = (
  type: EntryType & `execution.${string}`,
  row: ExecutionRecord,
  data: Fact['data'] = {},
): Fact => ({
  type,
  subject: { type: 'execution', id: row.id },
  refs: {
    invocation_id: row.invocationId,
    execution_id: row.id,
    agent_id: row.agentId,
    workspace_id: row.workspaceId,
  },
  data: { attempt: row.attempt, status: row.status, ...data },
});

/** The entry that says how an attempt ended. */
export const executionEnded = (row: ExecutionRecord): Fact =>
  executionFact('execution.ended', row, {
    exit_code: row.exitCode,
    stdout: row.stdout && { bytes: row.stdout.bytes, sha256: row.stdout.sha256 },
    stderr: row.stderr && { bytes: row.stderr.bytes, sha256: row.stderr.sha256 },
  });
