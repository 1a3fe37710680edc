import { ClientError, ROUTES } from '@xem/client';
import type { Invocation } from '@xem/protocol';
import type { Decision, Findings } from '../answer/outcome.ts';
import { readOutput } from '../output/read-output.ts';
import type { ToolCall } from '../tool/fixed-tool.ts';

const STDERR_BYTES = 4096;

async function decisionOn(call: ToolCall, { status, approval }: Invocation): Promise<Decision | null> {
  if (status !== 'rejected' || approval?.status !== 'rejected') return null;
  const { caller, signal } = call;
  const { data } = await caller.client.call(ROUTES['approval.get'], { id: approval.id }, { signal });
  return { by: data.decided_by?.name ?? 'a human', decision: 'rejected', note: data.decision_note };
}

async function stderrOf(call: ToolCall, invocation: Invocation): Promise<Findings['stderr']> {
  const { status, result, execution_id: executionId } = invocation;
  if (status !== 'failed' || !executionId || !result?.stderr_bytes) return null;
  const page = await readOutput(call, { executionId, stream: 'stderr', offset: 0, limit: STDERR_BYTES });
  return { text: page.bytes.toString('utf8'), truncated: page.nextOffset !== null };
}

/** What helps to understand an end: who refused and why, or what a failed run complained of. Missing facts stay out. */
export async function findOut(call: ToolCall, invocation: Invocation): Promise<Findings> {
  try {
    const [decision, stderr] = await Promise.all([decisionOn(call, invocation), stderrOf(call, invocation)]);
    return { decision, stderr: stderr ?? null };
  } catch (err) {
    if (!(err instanceof ClientError)) throw err;
    call.caller.parts.log.warn('outcome.incomplete', { invocationId: invocation.id, err });
    return {};
  }
}
