import type { ResultBody, StreamSummary } from '@xem/protocol';
import { internalOperation, type ProjectContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import type { AttemptRef } from './attempt.ts';

const keepStrayExecution = internalOperation('execution.keep_stray');

/** How an attempt ended that the store knows nothing of, as its agent tells. */
interface Stray extends AttemptRef {
  readonly report: Pick<ResultBody, 'status' | 'exit_code' | 'stdout' | 'stderr'>;
}

const digestOf = ({ bytes, sha256 }: StreamSummary) => ({ bytes, sha256 });

const strayFact = ({ agentId, executionId, attempt, report }: Stray): Fact => ({
  type: 'execution.evidence',
  subject: { type: 'execution', id: executionId },
  refs: { execution_id: executionId, agent_id: agentId },
  data: {
    attempt,
    status: report.status,
    known: false,
    exit_code: report.exit_code,
    stdout: digestOf(report.stdout),
    stderr: digestOf(report.stderr),
  },
});

/**
 * Journals what an agent tells of the end of an attempt that the store knows nothing of, because it was restored from a
 * backup that is older. There is no call left whose outcome it could be.
 */
export const keepStray = (ctx: ProjectContext, stray: Stray): Promise<void> =>
  mutate<void>(ctx, keepStrayExecution, async () => ({ result: undefined, facts: [strayFact(stray)] }));
