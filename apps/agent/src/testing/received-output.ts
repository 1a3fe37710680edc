import type { AttemptKey, OutputStream } from '@xem/protocol';
import type { AgentFrame } from '@xem/mesh';

type OutputFrame = Extract<AgentFrame, { kind: 'output' }>;

/** What a router got of the output of attempts, checked to be without gaps. */
export interface ReceivedOutput {
  take(frame: OutputFrame): void;
  bytes(key: AttemptKey, stream: OutputStream): Buffer;
}

/** Nothing yet. */
export function receivedOutput(): ReceivedOutput {
  const streams = new Map<string, { length: number; readonly pieces: Buffer[] }>();
  const streamOf = ({ execution_id, attempt }: AttemptKey, stream: OutputStream) => {
    const name = `${execution_id}.${attempt}.${stream}`;
    const known = streams.get(name) ?? { length: 0, pieces: [] };
    streams.set(name, known);
    return known;
  };
  return {
    take: ({ body, payload }) => {
      const known = streamOf(body, body.stream);
      const piece = Buffer.from(payload ?? []);
      if (body.offset > known.length) throw new Error(`a gap: ${body.offset} after ${known.length}`);
      const fresh = piece.subarray(known.length - body.offset);
      if (body.offset + piece.length <= known.length) return;
      known.pieces.push(fresh);
      known.length += fresh.length;
    },
    bytes: (key, stream) => Buffer.concat(streamOf(key, stream).pieces),
  };
}
