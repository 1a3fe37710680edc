import type { Frame } from '@xem/protocol';
import { isAgentFrame } from '../wire/direction.ts';
import { encodeFrame, readFrame, readHead, type Dropped, type FrameHead } from '../wire/frame-codec.ts';
import type { Parts } from '../wire/transport.ts';
import type { Connection } from './connection.ts';
import type { MeshSession } from './contract.ts';
import { makeNonce } from '../wire/nonce.ts';
import { countBadFrame, hear, refusedFrame, sessionOf, type PortContext } from './port.ts';
import { proveHello } from './prove-hello.ts';
import type { Sessions } from './sessions.ts';

const LISTENING = { from: 'agent', socket: 'data' } as const;
const BAD_FRAMES = encodeFrame(
  refusedFrame({ code: 'bad_frames', message: 'Too many frames that this router cannot accept.' }),
);

/** The data socket: strangers shake hands, sessions talk. */
export interface DataPort {
  readonly message: (from: Uint8Array, parts: Parts) => void;
  /** Counts a bad frame of a connection and ends it when that was one too many. */
  readonly blame: (connection: Connection, reason: string) => void;
}

/** What is wrong with a frame of this level on this connection, or null. Told before the body is looked at. */
function levelFault({ row }: FrameHead, connection: Connection): string | null {
  const open = connection.state.step === 'open';
  if (row.auth === 'session') return open ? null : 'no_session';
  return open ? 'session_is_open' : null;
}

const REASON_LENGTH_MAX = 200;

/** Says what is wrong with a body: kind, place and rule, never a value. */
function faultOf({ kind }: FrameHead, { drop, detail }: Dropped): string {
  const words = detail === undefined ? `${drop} in ${kind}` : `${drop} in ${kind}: ${detail}`;
  return words.slice(0, REASON_LENGTH_MAX);
}

/** The port of the data socket. */
export function createDataPort(ctx: PortContext, sessions: Sessions): DataPort {
  const { handlers, ids, clock } = ctx.options;
  const blame = (connection: Connection, reason: string): void => {
    if (countBadFrame(ctx, connection, reason)) sessions.end(connection, 'violations', BAD_FRAMES);
  };
  const challenge = (connection: Connection, agentNonce: string): void => {
    if (connection.state.step !== 'new') return blame(connection, 'connect_again');
    const routerNonce = makeNonce(ids);
    connection.state = { step: 'challenged', agentNonce, routerNonce };
    const body = { v: 1, router_nonce: routerNonce, router_time: Math.floor(clock.now()) } as const;
    connection.line.send(encodeFrame({ kind: 'challenge', body }));
  };
  const prove = (connection: Connection, { body: hello }: Frame<'hello'>): void => {
    const { state } = connection;
    if (state.step !== 'challenged') return blame(connection, 'hello_without_challenge');
    connection.state = { ...state, step: 'proving' };
    void proveHello(ctx, sessions, { connection, hello, nonces: state });
  };
  const inSession = (connection: Connection, session: MeshSession, frame: Frame): void => {
    if (frame.kind === 'goodbye') return sessions.end(connection, 'goodbye');
    if (isAgentFrame(frame)) handlers.frame(session, frame);
  };
  const take = (connection: Connection, frame: Frame): void => {
    const session = sessionOf(connection);
    if (session !== null) return inSession(connection, session, frame);
    if (frame.kind === 'connect') return challenge(connection, frame.body.agent_nonce);
    if (frame.kind === 'hello') return prove(connection, frame);
  };
  const message = (from: Uint8Array, parts: Parts): void => {
    const connection = hear(ctx, from, parts);
    if (connection === null) return;
    const head = readHead(parts, LISTENING);
    if ('drop' in head) return blame(connection, head.drop);
    const fault = levelFault(head.value, connection);
    if (fault !== null) return blame(connection, fault);
    const frame = readFrame(head.value);
    if ('drop' in frame) return blame(connection, faultOf(head.value, frame));
    return take(connection, frame.value);
  };
  return { message, blame };
}
