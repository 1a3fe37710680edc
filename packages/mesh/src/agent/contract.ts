import type { AgentId, EnrollBody, HelloBody, WelcomeBody } from '@xem/protocol';
import type { Clock, IdSource, Log } from '@xem/runtime';
import type { CurvePair } from '../key/curve.ts';
import type { Signer } from '../key/signer.ts';
import type { AgentFrame, RouterFrame } from '../wire/direction.ts';
import type { MeshNetwork } from '../wire/transport.ts';

/** A hello as the agent fills it; the link adds version, agent id and signature. */
export type HelloDraft = Omit<HelloBody, 'v' | 'agent_id' | 'sig'>;

/** A request to enrol as the agent fills it; `enrollOnce` adds version, keys and signature. */
export type EnrollDraft = Omit<EnrollBody, 'v' | 'curve_public_key' | 'signing_public_key' | 'sig'>;

/** Where and as whom to enrol. */
export interface EnrollOptions {
  /** Such as `tcp://router.example:5556`, from the join key, like the router's CURVE key (Z85). */
  readonly endpoint: string;
  readonly routerCurveKey: string;
  readonly curve: CurvePair;
  readonly signer: Signer;
  readonly request: EnrollDraft;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** ZeroMQ when absent; a simulation passes its own. */
  readonly network?: MeshNetwork;
}

/** Why a session, or a try to open one, ended. */
export interface LinkLoss {
  /**
   * `unreachable`, `handshake_timeout`, `auth`, `disconnected`, `goodbye`, `router_signature`, `protocol`, `closed`
   * by this side, or the code of the router's `refused`.
   */
  readonly code: string;
  readonly message: string;
  /** True when there was a session. */
  readonly welcomed: boolean;
}

/** The router does not let this agent in: its key is not admitted (`curve_key_rejected`), or a `refused` code. */
export interface Rejection {
  readonly code: string;
  readonly message: string;
}

/** The router's clock as the agent knows it: wall time in milliseconds, and the monotonic time it arrived at. */
export interface RouterTime {
  readonly routerTime: number;
  readonly receivedAt: number;
}

/** Where and as whom an agent keeps its session open. */
export interface AgentLinkOptions {
  /** Tried in turn; one that gave a session is tried first when that is lost. */
  readonly endpoints: readonly string[];
  /** Pinned by the join key: CURVE in Z85, signing key in base64url. */
  readonly routerCurveKey: string;
  readonly routerSigningKey: string;
  /** The CURVE pairs the agent may come with, the first choice first; asked for at each try, never empty. */
  curves(): readonly CurvePair[];
  readonly signer: Signer;
  readonly agentId: AgentId;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** ZeroMQ when absent; a simulation passes its own. */
  readonly network?: MeshNetwork;
  /** Asked for each handshake. */
  hello(): HelloDraft;
  /** A session is open with this CURVE key and the router has proved itself; `send` works from here on. */
  onWelcome(welcome: WelcomeBody, time: RouterTime, curveKey: string): void;
  /** One frame, in order. Not awaited. */
  onFrame(frame: RouterFrame): void;
  /** A session ended, or a try failed; the link is already on its way to the next endpoint. */
  onLost(loss: LinkLoss): void;
  /**
   * Every CURVE pair was refused three times since the last welcome, or a `refused` came before the welcome. The link
   * goes on trying, slowly: an application for which the answer is final closes it.
   */
  onRejected(rejection: Rejection): void;
}

export type LinkState = 'connecting' | 'handshake' | 'open' | 'waiting' | 'closed';

/** `sent` = taken; `full` = not taken, wait for `writable`; `down` = not taken, there is no session. */
export type LinkSend = 'sent' | 'full' | 'down';

/** An agent's line to its router, kept open until `close`. */
export interface AgentLink {
  /**
   * Never blocks. What was taken and not yet sent when a session is lost is gone with it.
   * @throws RangeError for a frame over 1 MiB, a broken promise of the caller's
   */
  send(frame: AgentFrame): LinkSend;
  /** Resolves true once `send` takes frames again in this session, false when the session is lost first. */
  writable(): Promise<boolean>;
  state(): LinkState;
  /** The router's wall time in milliseconds: the last challenge's plus own monotonic time; null before one. */
  routerNow(): number | null;
  /** Sends what was taken, says goodbye, and opens a new session at once. */
  reconnect(reason: string): void;
  /** Sends what was taken, says goodbye and stays away. */
  close(reason?: string): Promise<void>;
}
