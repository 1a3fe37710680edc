import { FRAME_DEPTH_MAX } from '@xem/protocol';

/**
 * Walks a MessagePack body without decoding it and refuses what the mesh does not speak: extensions, the unused byte,
 * keys that are not strings, numbers that are not finite, nesting over 64, a length beyond the end, bytes after the
 * end. The decoder behind it makes objects, functions even, out of extensions, and any stranger may send a body.
 */
export function isPlainMessagePack(bytes: Uint8Array): boolean {
  const cursor: Cursor = {
    bytes,
    at: 0,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  };
  return skip(cursor, 0) && cursor.at === bytes.byteLength;
}

interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

/** Takes a big-endian length of `width` bytes; beyond the end it is more than there can be. */
function takeLength(cursor: Cursor, width: 1 | 2 | 4): number {
  const { at, view } = cursor;
  cursor.at += width;
  if (cursor.at > view.byteLength) return Number.POSITIVE_INFINITY;
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at) : view.getUint32(at);
}

function skipBytes(cursor: Cursor, length: number): boolean {
  cursor.at += length;
  return cursor.at <= cursor.bytes.byteLength;
}

function skipArray(cursor: Cursor, length: number, depth: number): boolean {
  if (depth >= FRAME_DEPTH_MAX || length > cursor.bytes.byteLength - cursor.at) return false;
  for (let left = length; left > 0; left -= 1) if (!skip(cursor, depth + 1)) return false;
  return true;
}

const isStringHead = (head: number | undefined): boolean =>
  head !== undefined && ((head >= 0xa0 && head <= 0xbf) || (head >= 0xd9 && head <= 0xdb));

function skipMap(cursor: Cursor, length: number, depth: number): boolean {
  if (depth >= FRAME_DEPTH_MAX || length > cursor.bytes.byteLength - cursor.at) return false;
  for (let left = length; left > 0; left -= 1) {
    if (!isStringHead(cursor.bytes[cursor.at]) || !skip(cursor, depth + 1) || !skip(cursor, depth + 1))
      return false;
  }
  return true;
}

function skipFloat(cursor: Cursor, width: 4 | 8): boolean {
  const { at, view } = cursor;
  if (!skipBytes(cursor, width)) return false;
  return Number.isFinite(width === 4 ? view.getFloat32(at) : view.getFloat64(at));
}

/** Skips one value. Heads from 0x00 to 0xbf and from 0xe0 carry their own length. */
function skip(cursor: Cursor, depth: number): boolean {
  const head = cursor.bytes[cursor.at];
  if (head === undefined) return false;
  cursor.at += 1;
  if (head < 0x80 || head >= 0xe0) return true;
  if (head < 0x90) return skipMap(cursor, head & 0x0f, depth);
  if (head < 0xa0) return skipArray(cursor, head & 0x0f, depth);
  if (head < 0xc0) return skipBytes(cursor, head & 0x1f);
  return skipLong(cursor, head, depth);
}

function skipLong(cursor: Cursor, head: number, depth: number): boolean {
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return true;
    case 0xc4:
    case 0xd9:
      return skipBytes(cursor, takeLength(cursor, 1));
    case 0xc5:
    case 0xda:
      return skipBytes(cursor, takeLength(cursor, 2));
    case 0xc6:
    case 0xdb:
      return skipBytes(cursor, takeLength(cursor, 4));
    case 0xca:
      return skipFloat(cursor, 4);
    case 0xcb:
      return skipFloat(cursor, 8);
    case 0xcc:
    case 0xd0:
      return skipBytes(cursor, 1);
    case 0xcd:
    case 0xd1:
      return skipBytes(cursor, 2);
    case 0xce:
    case 0xd2:
      return skipBytes(cursor, 4);
    case 0xcf:
    case 0xd3:
      return skipBytes(cursor, 8);
    case 0xdc:
      return skipArray(cursor, takeLength(cursor, 2), depth);
    case 0xdd:
      return skipArray(cursor, takeLength(cursor, 4), depth);
    case 0xde:
      return skipMap(cursor, takeLength(cursor, 2), depth);
    case 0xdf:
      return skipMap(cursor, takeLength(cursor, 4), depth);
    default:
      return false;
  }
}
