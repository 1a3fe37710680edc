import {
  CREDIT_WINDOW_BYTES,
  FRAME_BYTES_MAX,
  FRAME_DEPTH_MAX,
  FRAMES,
  PROTOCOL_VERSION,
  type FrameRow,
} from '@xem/protocol';
import { code, page, table } from '../markdown.ts';
import { fieldsTable } from './fields.ts';

const AUTH = {
  none: 'none',
  enrolled: 'an enrolled CURVE key',
  session: 'a session',
} as const;

const INTRO = `A frame is \`[kind, body, payload?]\`: the kind in ASCII, the body in MessagePack, the payload raw bytes. All parts together are at most ${FRAME_BYTES_MAX} bytes, a body nests at most ${FRAME_DEPTH_MAX} deep, and every body carries \`v: ${PROTOCOL_VERSION}\`. Output flows against credit: an agent starts with ${CREDIT_WINDOW_BYTES} bytes.

A frame that does not decode, does not match its schema or comes without what it needs is counted and dropped.`;

/** The reference of frames. */
export function framesPage(): string {
  const frames: readonly (readonly [string, FrameRow])[] = Object.entries(FRAMES);
  const rows = frames.map(([kind, { socket, from, auth, payload }]) => [
    code(kind),
    socket,
    from.join(', '),
    AUTH[auth],
    payload ? 'yes' : 'no',
  ]);
  const bodies = frames.flatMap(([kind, { body }]) => {
    const fields = fieldsTable(body, 'Member');
    return fields === null ? [] : [`### ${kind}`, fields];
  });
  return page('Frames', [
    INTRO,
    table(['Kind', 'Socket', 'From', 'Needs', 'Payload'], rows),
    '## Bodies',
    ...bodies,
  ]);
}
