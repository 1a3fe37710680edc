import { INVOCATION_TERMINAL, OUTPUT_EXCERPT_BYTES, type Invocation } from '@xem/protocol';
import type { VerbContext } from '../context.ts';

/** The invocation with the first 64 KiB of its standard output; `output` is null until a run has ended, and after its retention. */
export async function withOutput(ctx: VerbContext, invocation: Invocation): Promise<Invocation> {
  const { execution_id: executionId, project_id: projectId, result } = invocation;
  if (!INVOCATION_TERMINAL.has(invocation.status) || !executionId || !result)
    return { ...invocation, output: null };
  const to = Math.min(result.stdout_bytes, OUTPUT_EXCERPT_BYTES);
  const pieces: Uint8Array[] = [];
  if (to > 0) {
    const range = { projectId, executionId, stream: 'stdout', from: 0, to } as const;
    for await (const piece of ctx.store.outputs.read(range)) pieces.push(piece);
  }
  if (to > 0 && pieces.length === 0) return { ...invocation, output: null };
  const text = Buffer.concat(pieces).toString('utf8');
  return { ...invocation, output: { text, truncated: result.stdout_bytes > to } };
}
