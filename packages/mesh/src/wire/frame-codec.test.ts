import { FRAMES, type Frame, type FrameKind } from '@xem/protocol';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { expect, test } from 'vitest';
import { sampleFrame } from '../testing/sample-frames.ts';
import { encodeFrame, readFrame, readHead, type Listening, type Read } from './frame-codec.ts';
import type { Parts } from './transport.ts';

const KINDS = Object.keys(FRAMES).filter((kind): kind is FrameKind => Object.hasOwn(FRAMES, kind));
const FROM_AGENT: Listening = { from: 'agent', socket: 'data' };
const packr = new Packr({ useRecords: false, variableMapSize: true });

const listeningTo = (kind: FrameKind): Listening => {
  const { from, socket } = FRAMES[kind];
  return { from: from[0], socket };
};

function decode(parts: Parts, listening: Listening): Read<Frame> {
  const head = readHead(parts, listening);
  return 'drop' in head ? head : readFrame(head.value);
}

const bytes = (text: string): Buffer => Buffer.from(text);

test.each(KINDS)('frame codec gives back a frame %s', (kind) => {
  const frame = sampleFrame(kind);
  const decoded = decode(encodeFrame(frame), listeningTo(kind));
  expect(decoded).toEqual({ value: frame });
});

const accept = encodeFrame(sampleFrame('accept'));
const [kindPart = bytes(''), bodyPart = bytes('')] = accept;
const OUTPUT = encodeFrame(sampleFrame('output'));

test.each<[string, Parts, string]>([
  ['no parts', [], 'parts'],
  ['a kind alone', [kindPart], 'parts'],
  ['four parts', [kindPart, bodyPart, bytes(''), bytes('')], 'parts'],
  ['an empty kind', [bytes(''), bodyPart], 'unknown_kind'],
  ['a kind of no table', [bytes('accept '), bodyPart], 'unknown_kind'],
  ['a kind that every object has', [bytes('constructor'), bodyPart], 'unknown_kind'],
  ['a kind of a megabyte', [Buffer.alloc(1_000_000, 0x61), bodyPart], 'unknown_kind'],
  ['more than 1 MiB', [kindPart, Buffer.alloc(1024 * 1024)], 'too_large'],
  ['a frame of the router', encodeFrame(sampleFrame('cancel')), 'wrong_direction'],
  ['a frame of the other socket', encodeFrame(sampleFrame('enroll')), 'wrong_socket'],
  ['a payload where none belongs', [kindPart, bodyPart, bytes('x')], 'payload'],
  ['no payload where one belongs', OUTPUT.slice(0, 2), 'payload'],
  ['a payload over 64 KiB', [...OUTPUT.slice(0, 2), Buffer.alloc(65_537)], 'payload'],
  ['a body that is not MessagePack', [kindPart, bytes('\xc1')], 'not_messagepack'],
  ['an empty body', [kindPart, bytes('')], 'not_messagepack'],
  ['a body that is a list', [kindPart, packr.pack([])], 'schema'],
  ['a body of another version', [kindPart, packr.pack({ ...sampleFrame('accept').body, v: 2 })], 'schema'],
  ['a member too many', [kindPart, packr.pack({ ...sampleFrame('accept').body, x: 1 })], 'schema'],
  ['a member too few', [kindPart, packr.pack({ v: 1, attempt: 1 })], 'schema'],
  ['attempt 0', [kindPart, packr.pack({ ...sampleFrame('accept').body, attempt: 0 })], 'schema'],
  ['a member __proto__', [kindPart, packr.pack(JSON.parse('{"__proto__":{"v":1}}'))], 'schema'],
])('frame codec drops %s', (_, parts, reason) => {
  expect(decode(parts, FROM_AGENT)).toMatchObject({ drop: reason });
});

test('frame codec names the place of a fault and never the value', () => {
  const body = { ...sampleFrame('enroll').body, join_key: 'xjk_secret'.repeat(2000) };
  const read = decode([bytes('enroll'), packr.pack(body)], { from: 'agent', socket: 'enrollment' });
  expect(read).toMatchObject({ drop: 'schema', detail: expect.stringMatching(/^join_key: /) });
  expect(JSON.stringify(read)).not.toContain('secret');
});

test('frame codec refuses to send more than 1 MiB', () => {
  const frame = sampleFrame('dispatch');
  const body = { ...frame.body, order: new Uint8Array(1024 * 1024) };
  expect(() => encodeFrame({ kind: 'dispatch', body })).toThrow(RangeError);
});

const PATIENCE = { timeout: 120_000 };

test('frame codec never throws, whatever bytes were changed on the way', PATIENCE, () => {
  const mutation = fc.record({
    kind: fc.constantFrom(...KINDS),
    edits: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
    cut: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(mutation, ({ kind, edits, cut }) => {
      const [word = bytes(''), body = bytes(''), ...rest] = encodeFrame(sampleFrame(kind));
      const changed = Buffer.from(body);
      for (const [at, byte] of edits) changed[at % changed.length] = byte;
      const length = cut === null ? changed.length : cut % changed.length;
      const read = decode([word, changed.subarray(0, length), ...rest], listeningTo(kind));
      if ('value' in read) expect(FRAMES[kind].body.safeParse(read.value.body).success).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test('frame codec never throws, whatever bytes a stranger makes up', PATIENCE, () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), fc.uint8Array({ maxLength: 300 }), (kind, body) => {
      expect(decode([bytes(kind), body], listeningTo(kind))).toHaveProperty('drop');
    }),
    { numRuns: 5000 },
  );
});
