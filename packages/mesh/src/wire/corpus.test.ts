import { readFileSync } from 'node:fs';
import { FRAMES, isFrameKind } from '@xem/protocol';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sampleFrame } from '../testing/sample-frames.ts';
import { readFrame, readHead } from './frame-codec.ts';

/** A frame as it was recorded: its parts in base64. A recorded frame is never changed, only added to. */
const Recorded = z.object({ parts: z.array(z.base64()) });

const recorded = (kind: string): Buffer[] => {
  const url = new URL(`../../../protocol/corpus/v1/frame/${kind}.json`, import.meta.url);
  return Recorded.parse(JSON.parse(readFileSync(url, 'utf8'))).parts.map((part) =>
    Buffer.from(part, 'base64'),
  );
};

test.each(Object.keys(FRAMES).filter((kind) => isFrameKind(kind)))(
  'a recorded frame %s is still read',
  (kind) => {
    const { from, socket } = FRAMES[kind];
    const head = readHead(recorded(kind), { from: from[0], socket });
    if ('drop' in head) throw new Error(head.drop);
    expect(readFrame(head.value)).toEqual({ value: sampleFrame(kind) });
  },
);
