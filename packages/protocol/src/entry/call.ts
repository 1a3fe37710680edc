import { z } from 'zod';
import { ExecutionStatusWord } from '../entity/execution.ts';
import { Failure, InvocationStatusWord } from '../entity/invocation.ts';
import { Risk } from '../entity/tool.ts';
import { RefusalReason } from '../frame/order.ts';
import { AgentId, Milliseconds, Sha256, ToolName } from '../id.ts';
import { Reason, row } from './row.ts';

const Tool = ToolName.describe('Name of the tool');
const Attempt = z.int().min(1).describe('Which attempt of the call it is, from 1');
const ExitCode = z.int().nullable().describe('Null when the tool did not end by itself');

/** What the end of a call tells; reports of usage are summed up from it. */
const CALL_END = {
  tool: Tool,
  error: Failure.nullable().describe('Why it ended otherwise than completed'),
  exit_code: ExitCode,
  duration_ms: Milliseconds.optional().describe('How long the tool ran, when it did'),
  output_bytes: z.int().min(0).optional().describe('Bytes of both streams, when the tool ran'),
  credit: z.int().min(0).optional().describe('What it cost, where calls have a price'),
};

const Kept = z
  .object({ bytes: z.int().min(0), sha256: Sha256 })
  .nullable()
  .describe('Length and hash of what is kept; null when nothing was reported');

const ATTEMPT = {
  attempt: Attempt,
  status: ExecutionStatusWord.describe('What became of the attempt'),
};

const REPORT = { ...ATTEMPT, exit_code: ExitCode, stdout: Kept, stderr: Kept };

/** What the journal hears of calls and of their attempts. */
export const CALL_ENTRIES = {
  'invocation.created': row(null, {
    tool: Tool,
    risk: Risk.describe('As the tool had it then'),
    args_sha256: Sha256.describe('Hash of the arguments, which are not in the journal'),
    status: InvocationStatusWord.describe('`pending_approval` when a human must decide first'),
    credit_reserved: z.int().min(0).optional().describe('Credits kept back for it, where calls have a price'),
  }),
  'invocation.queued': row(null, {
    because: z.enum(['created', 'approved', 'requeued']).describe('How it came to wait for an agent'),
  }),
  'invocation.dispatched': row('exec.dispatched', {
    tool: Tool,
    attempt: Attempt,
    agent_id: AgentId.describe('Who has the order'),
    order_sha256: Sha256.describe('Hash of the signed order'),
  }),
  'invocation.started': row(null, { attempt: Attempt }),
  'invocation.cancel_requested': row(null, { reason: Reason }),
  'invocation.completed': row('exec.completed', CALL_END),
  'invocation.failed': row('exec.failed', CALL_END),
  'invocation.timeout': row('exec.timeout', CALL_END),
  'invocation.cancelled': row('exec.cancelled', CALL_END),
  'invocation.rejected': row('exec.rejected', {
    ...CALL_END,
    call_sha256: Sha256.optional().describe('Hash of the call, when it changed after it was approved'),
    approved_call_sha256: Sha256.optional().describe('Hash of what was approved, when it changed since'),
  }),
  'execution.ended': row(null, REPORT),
  'execution.evidence': row(null, {
    ...REPORT,
    known: z
      .literal(false)
      .optional()
      .describe('There when the router knows nothing of the attempt, because it was restored'),
  }),
  'execution.refused': row(null, {
    ...ATTEMPT,
    reason: RefusalReason.describe('Why the agent did not take it'),
  }),
} as const;
