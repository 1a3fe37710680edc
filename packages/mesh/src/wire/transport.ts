import type { CurvePair } from '../key/curve.ts';

/** A message as the sockets carry it. */
export type Parts = readonly Uint8Array[];

/** Bytes of all parts together. */
export function bytesOf(parts: Parts): number {
  let bytes = 0;
  for (const part of parts) bytes += part.byteLength;
  return bytes;
}

/** What became of a message to one peer: `full` = the peer does not read, `gone` = there is no such peer any more. */
export type Delivery = 'sent' | 'full' | 'gone';

/** What a router's socket tells. None of these may throw. */
export interface RouterSocketEvents {
  readonly message: (from: Uint8Array, parts: Parts) => void;
  /** A peer went; which one is not known. */
  readonly disconnected: () => void;
}

/** A router's socket: any number of peers, each known by its routing id. */
export interface RouterSocket {
  /** The real endpoint, with the port that was taken. */
  readonly endpoint: string;
  /** One at a time per peer: the next message to a peer waits for the answer to the last. */
  send(to: Uint8Array, parts: Parts): Promise<Delivery>;
}

/** A peer that knocks: its CURVE key in Z85 and the address it comes from. */
export interface Knock {
  readonly socket: 'enrollment' | 'data';
  readonly curveKey: string;
  readonly sourceAddress: string;
}

/** Where a router's two sockets listen and who is told. */
export interface ListenOptions {
  readonly dataEndpoint: string;
  readonly enrollEndpoint: string;
  readonly curve: CurvePair;
  /** Asked before a peer's first message. When it throws nobody is let in any more, and `fatal` is told. */
  readonly admit: (knock: Knock) => boolean;
  readonly data: RouterSocketEvents;
  readonly enrollment: RouterSocketEvents;
  readonly fatal: (error: Error) => void;
}

/** A router's two sockets. */
export interface RouterSockets {
  readonly data: RouterSocket;
  readonly enrollment: RouterSocket;
  close(): Promise<void>;
}

/** Why a connection is over, as the socket knows it. */
export type DownReason = 'unreachable' | 'auth' | 'protocol' | 'disconnected';

/** What an agent's socket tells; `down` is the last word, and comes once unless the agent closes first. */
export interface DealerSocketEvents {
  readonly message: (parts: Parts) => void;
  readonly down: (reason: DownReason) => void;
}

/** An agent's socket: one connection, which is never made again. */
export interface DealerSocket {
  /** Resolves once the line has taken the message, false when the connection is over. One at a time. */
  send(parts: Parts): Promise<boolean>;
  /** What the line has taken is still sent for at most `lingerMs`. */
  close(lingerMs: number): void;
}

export interface DialOptions {
  readonly endpoint: string;
  readonly routerCurveKey: string;
  readonly curve: CurvePair;
  readonly events: DealerSocketEvents;
}

/** What sessions are built on: ZeroMQ, or memory in a simulation. */
export interface MeshNetwork {
  listen(options: ListenOptions): Promise<RouterSockets>;
  dial(options: DialOptions): DealerSocket;
}
