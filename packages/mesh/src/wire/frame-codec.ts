import {
  FRAME_BYTES_MAX,
  FRAMES,
  isFrameKind,
  type Frame,
  type FrameKind,
  type FrameRow,
} from '@xem/protocol';
import { Packr } from 'msgpackr';
import { isPlainMessagePack } from './scan.ts';
import { bytesOf, type Parts } from './transport.ts';

/** Why a frame was dropped; a journal entry carries it. */
type DropReason =
  | 'parts'
  | 'too_large'
  | 'unknown_kind'
  | 'wrong_direction'
  | 'wrong_socket'
  | 'payload'
  | 'not_messagepack'
  | 'schema';

/** Who a socket listens to. */
export interface Listening {
  readonly from: 'agent' | 'router';
  readonly socket: FrameRow['socket'];
}

/** Why there is no frame; `detail` names a place in the body and the rule. */
export interface Dropped {
  readonly drop: DropReason;
  readonly detail?: string;
}

/** What the codec made of something: a value, or why not. */
export type Read<Value> = { readonly value: Value } | Dropped;

/** A frame of which only the kind is read, so that a stranger's body is never looked at. */
export interface FrameHead {
  readonly kind: FrameKind;
  readonly row: FrameRow;
  readonly body: Uint8Array;
  readonly payload: Uint8Array | undefined;
}

/** Output travels in pieces of at most this many bytes. */
export const PAYLOAD_BYTES_MAX = 64 * 1024;

const KIND_BYTES_MAX = 32;

const packr = new Packr({
  useRecords: false,
  variableMapSize: true,
  int64AsType: 'number',
  structuredClone: false,
  moreTypes: false,
});

const KIND_BYTES: ReadonlyMap<string, Buffer> = new Map(
  Object.keys(FRAMES).map((kind) => [kind, Buffer.from(kind, 'ascii')]),
);

/** The parts of a frame. @throws RangeError when they are over 1 MiB together: a broken promise of the caller's. */
export function encodeFrame(frame: Frame): Parts {
  const kind = KIND_BYTES.get(frame.kind) ?? Buffer.from(frame.kind, 'ascii');
  const body = packr.pack(frame.body);
  const parts = frame.payload === undefined ? [kind, body] : [kind, body, frame.payload];
  if (bytesOf(parts) > FRAME_BYTES_MAX) throw new RangeError(`a frame ${frame.kind} is over 1 MiB`);
  return parts;
}

/** Checks size, kind, direction, socket and payload of a frame; its body stays unread. */
export function readHead(parts: Parts, listening: Listening): Read<FrameHead> {
  const [word, body, payload] = parts;
  if (word === undefined || body === undefined || parts.length > 3) return { drop: 'parts' };
  if (bytesOf(parts) > FRAME_BYTES_MAX) return { drop: 'too_large' };
  if (word.byteLength > KIND_BYTES_MAX) return { drop: 'unknown_kind' };
  const kind = Buffer.from(word.buffer, word.byteOffset, word.byteLength).toString('latin1');
  if (!isFrameKind(kind)) return { drop: 'unknown_kind' };
  const row: FrameRow = FRAMES[kind];
  if (row.socket !== listening.socket) return { drop: 'wrong_socket' };
  if (!row.from.includes(listening.from)) return { drop: 'wrong_direction' };
  if (row.payload !== (payload !== undefined)) return { drop: 'payload' };
  if (payload !== undefined && payload.byteLength > PAYLOAD_BYTES_MAX) return { drop: 'payload' };
  return { value: { kind, row, body, payload } };
}

/** A body as plain values: what MessagePack says, without any schema. */
function unpackBody(body: Uint8Array): Read<unknown> {
  if (!isPlainMessagePack(body)) return { drop: 'not_messagepack' };
  try {
    const value: unknown = packr.unpack(body);
    return { value };
  } catch {
    return { drop: 'not_messagepack' };
  }
}

/** Decodes a frame whose head has passed, and checks its body against its schema. */
export function readFrame({ kind, row, body, payload }: FrameHead): Read<Frame> {
  const unpacked = unpackBody(body);
  if ('drop' in unpacked) return unpacked;
  const parsed = row.body.safeParse(unpacked.value);
  if (!parsed.success) return { drop: 'schema', detail: describe(parsed.error.issues[0]) };
  const frame = payload === undefined ? { kind, body: parsed.data } : { kind, body: parsed.data, payload };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the body was parsed by the schema of this very kind
  return { value: frame as Frame };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Names the place and the rule, never the value: it may be a secret. */
const describe = (issue: Issue | undefined): string =>
  issue === undefined ? 'does not match' : `${issue.path.map(String).join('/')}: ${issue.message}`;
