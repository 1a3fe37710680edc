import type { OutputStream } from '@xem/protocol';
import type { ToolCall } from '../tool/fixed-tool.ts';

interface OutputRequest {
  readonly executionId: string;
  readonly stream: OutputStream;
  /** In bytes. */
  readonly offset: number;
  readonly limit: number;
}

/** Some bytes of one stream of a run. */
export interface OutputPage {
  readonly bytes: Buffer;
  /** Length of the whole stream. */
  readonly totalBytes: number;
  /** Of the whole stream. */
  readonly sha256: string | null;
  /** True when the run wrote more than was kept. */
  readonly truncated: boolean;
  /** Where the next page begins; null at the end. */
  readonly nextOffset: number | null;
}

/** Reads a page of a run's output. @throws ClientError execution_not_found, invalid_state, output_expired */
export async function readOutput(
  { caller, signal }: Pick<ToolCall, 'caller' | 'signal'>,
  { executionId, stream, offset, limit }: OutputRequest,
): Promise<OutputPage> {
  const raw = await caller.client.raw(executionId, stream, { from: offset, signal });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of raw.body) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= limit) break;
  }
  const bytes = Buffer.concat(chunks).subarray(0, limit);
  const end = offset + bytes.length;
  const nextOffset = end < raw.bytes ? end : null;
  return { bytes, totalBytes: raw.bytes, sha256: raw.sha256, truncated: raw.truncated, nextOffset };
}
