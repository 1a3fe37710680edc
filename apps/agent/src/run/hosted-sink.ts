import { open, type FileHandle } from 'node:fs/promises';
import type { Growth } from './growth.ts';

/** A file that a hosted run writes. */
export interface Sink {
  /** Appends; resolves once the next piece may come. Bytes over the limit are dropped. */
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

interface SinkRules {
  /** What is kept. One byte more is written, which tells that there was more. */
  readonly bytesMax: number;
  readonly growth: Growth;
  /** Called once, when more came than is kept. */
  readonly onFull: () => void;
}

/** A sink over a file, which is made with the first byte. */
export function openSink(path: string, { bytesMax, growth, onFull }: SinkRules): Sink {
  let file: Promise<FileHandle> | null = null;
  let left = bytesMax + 1;
  return {
    write: async (bytes) => {
      const kept = bytes.subarray(0, left);
      if (kept.length === 0) return;
      left -= kept.length;
      file ??= open(path, 'a', 0o600);
      await (await file).appendFile(kept);
      growth.notify();
      if (left === 0) onFull();
    },
    close: async () => (await file?.catch(() => null))?.close(),
  };
}
