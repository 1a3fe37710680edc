import { hash } from 'node:crypto';
import type { StreamSummary } from '@xem/protocol';
import { blot, coveredBytes, finalSpans, type Mask } from './mask.ts';
import type { OutputChunk, RunOutput } from './run.ts';
import { CHUNK_BYTES_MAX } from './spool-output.ts';

/** One stream of a run that used no process, as it may leave the host. */
export interface Captured {
  readonly bytes: Buffer;
  readonly truncated: boolean;
  readonly masked: number;
  readonly countMasked: (from: number, to: number) => number;
}

interface CaptureRules {
  readonly bytesMax: number;
  readonly mask: Mask;
}

const countNone = (): number => 0;

/** Cuts and masks what was written. The bytes are changed in place when they hold a secret. */
export function capture(raw: Buffer, { bytesMax, mask }: CaptureRules): Captured {
  const truncated = raw.length > bytesMax;
  const bytes = truncated ? raw.subarray(0, bytesMax) : raw;
  const spans = mask.reach === 0 ? [] : finalSpans(mask, bytes, truncated);
  if (spans.length === 0) return { bytes, truncated, masked: 0, countMasked: countNone };
  blot(bytes, spans);
  const countMasked = (from: number, to: number): number => coveredBytes(spans, from, to);
  return { bytes, truncated, masked: countMasked(0, bytes.length), countMasked };
}

const summarize = ({ bytes, truncated, masked }: Captured): StreamSummary => ({
  bytes: bytes.length,
  sha256: hash('sha256', bytes, 'hex'),
  truncated,
  masked,
});

/** A stream that is in memory once its run has ended. */
export function memoryOutput(captured: Promise<Captured>): RunOutput {
  async function* read(from = 0, signal?: AbortSignal): AsyncGenerator<OutputChunk> {
    const { bytes, countMasked } = await captured;
    for (let offset = from; offset < bytes.length; offset += CHUNK_BYTES_MAX) {
      signal?.throwIfAborted();
      const end = Math.min(offset + CHUNK_BYTES_MAX, bytes.length);
      yield { offset, bytes: bytes.subarray(offset, end), masked: countMasked(offset, end) };
    }
  }
  return { read, summary: async () => summarize(await captured) };
}
