import { FRAMES, type Frame, type FrameKind, type FrameRow } from '@xem/protocol';

type Table = typeof FRAMES;

/** Kinds that the sessions of this package handle themselves; an application never sees or sends one. */
type Internal = 'goodbye';

type KindOf<Side extends 'agent' | 'router'> = {
  [Kind in FrameKind]: Side extends Table[Kind]['from'][number]
    ? Table[Kind]['auth'] extends 'session'
      ? Kind
      : never
    : never;
}[FrameKind];

/** Kinds an agent sends inside a session. */
export type AgentFrameKind = Exclude<KindOf<'agent'>, Internal>;

/** Kinds the router sends inside a session. */
export type RouterFrameKind = Exclude<KindOf<'router'>, Internal>;

/** A frame from an agent, inside a session. */
export type AgentFrame = Frame<AgentFrameKind>;

/** A frame from the router, inside a session. */
export type RouterFrame = Frame<RouterFrameKind>;

function speaks(kind: FrameKind, side: 'agent' | 'router'): boolean {
  const row: FrameRow = FRAMES[kind];
  return row.auth === 'session' && row.from.includes(side) && kind !== 'goodbye';
}

/** Tells whether a frame is one that agents send inside a session. */
export const isAgentFrame = (frame: Frame): frame is AgentFrame => speaks(frame.kind, 'agent');

/** Tells whether a frame is one that the router sends inside a session. */
export const isRouterFrame = (frame: Frame): frame is RouterFrame => speaks(frame.kind, 'router');
