import type { AgentId, EnrollBody, EnrolledBody, HelloBody, WelcomeBody } from '@xem/protocol';
import type { Clock, IdSource, Log } from '@xem/runtime';
import type { CurvePair } from '../key/curve.ts';
import type { Signer } from '../key/signer.ts';
import type { AgentFrame, RouterFrame } from '../wire/direction.ts';
import type { MeshNetwork } from '../wire/transport.ts';

/** A session as the router knows it. Nothing of it is ever reused: the name is random, the epoch only grows. */
export interface MeshSession {
  /** 24 hex digits, made by the router's `IdSource`. */
  readonly name: string;
  readonly agentId: AgentId;
  readonly epoch: number;
  /** The CURVE key the hello was signed for, in Z85. */
  readonly curveKey: string;
}

/** The keys an agent may come with: two CURVE keys while a rotation is under way. */
export interface AgentKeys {
  readonly curveKeys: readonly string[];
  readonly signingKey: string;
}

/** A welcome as the domain fills it; the mesh adds version, session and signature. */
export type WelcomeDraft = Omit<WelcomeBody, 'v' | 'session' | 'sig'>;

/** Why a session is refused or ended, as the agent is told. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** An agent that has proved which one it is, before its session opens. */
export interface HelloReceived {
  /** The name the session will have. */
  readonly session: string;
  readonly agentId: AgentId;
  /** Which of the agent's CURVE keys the hello was signed for. */
  readonly curveKey: string;
  readonly hello: HelloBody;
  readonly sourceAddress: string | null;
}

/** A request to enrol whose own signature is right; its join key and its manifest are not checked yet. */
export interface EnrollReceived {
  readonly body: EnrollBody;
  readonly sourceAddress: string | null;
}

/** How a session ended. */
export type SessionEnd =
  /** The agent said goodbye. */
  | 'goodbye'
  /** The line is gone. */
  | 'gone'
  /** A newer session of the same agent took its place. */
  | 'replaced'
  /** `close` was called. */
  | 'closed'
  /** A hundred bad frames. */
  | 'violations'
  /** The router stops. */
  | 'stopped';

/** Something a connection did that it must not do; told once per session and minute, with the number since. */
export interface Violation {
  /** Null for a connection without a session. */
  readonly session: MeshSession | null;
  readonly reason: string;
  readonly count: number;
}

/** What the router does with what comes in. A handler that throws is logged; a rejected promise refuses the connection. */
export interface RouterMeshHandlers {
  /** Answers a request to enrol; one per connection. */
  enroll(request: EnrollReceived): Promise<EnrolledBody>;
  /** The keys of an agent that may open sessions, or null. */
  agentKeys(agentId: AgentId): Promise<AgentKeys | null>;
  /** Commits the new epoch. Once it resolves the mesh ends the agent's older session and sends the welcome. */
  welcome(received: HelloReceived): Promise<WelcomeDraft | { readonly refused: Refusal }>;
  /** The welcome is on its way: from here on `send` reaches the agent. */
  opened(session: MeshSession): void;
  /** One frame, in the order they were sent. Not awaited: work that must stay in order is the handler's to chain. */
  frame(session: MeshSession, frame: AgentFrame): void;
  /** The session is over; called once for each `opened`. */
  closed(session: MeshSession, end: SessionEnd): void;
  violation(violation: Violation): void;
  /** The mesh can no longer tell who connects (the ZAP handler died) or a socket broke: the router must stop. */
  fatal(error: Error): void;
}

/** Limits that tests lower; the defaults are the protocol's. */
export interface MeshLimits {
  /** Connections without a session, on each of the two sockets: 10,000. */
  readonly strangers: number;
  /** Time to finish the hello: 10 s. */
  readonly helloMs: number;
  /** Bad frames that end a session: 100. */
  readonly badFrames: number;
  /** Bytes that wait for a slow agent: 1 MiB. */
  readonly queueBytes: number;
  /** Connections to the enrollment socket per source address: 20 per second, 200 at once. */
  readonly enrollPerSecond: number;
  readonly enrollBurst: number;
}

/** Where and as whom a router meets its agents. */
export interface RouterMeshOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** Such as `tcp://0.0.0.0:5555`; port 0 takes a free one. */
  readonly dataEndpoint: string;
  readonly enrollEndpoint: string;
  readonly curve: CurvePair;
  readonly signer: Signer;
  /** Tells whether a CURVE public key (Z85) belongs to an enrolled agent; asked for each connection, from memory. */
  readonly admits: (curveKey: string) => boolean;
  readonly handlers: RouterMeshHandlers;
  readonly limits?: Partial<MeshLimits>;
  /** ZeroMQ when absent; a simulation passes its own. */
  readonly network?: MeshNetwork;
}

/**
 * What became of a frame: `sent` = on its way; `queued` = taken, the agent is behind; `full` = not taken, the agent
 * is slow and should get no new orders; `gone` = there is no such session.
 */
export type SendOutcome = 'sent' | 'queued' | 'full' | 'gone';

/** Times in milliseconds: `connectedAt` and `lastHeardAt` of the wall clock. */
export interface SessionStats {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly badFrames: number;
  readonly queuedBytes: number;
  readonly connectedAt: number;
  readonly lastHeardAt: number;
  readonly sourceAddress: string | null;
}

/** The router's side of the mesh, open until `stop`. */
export interface RouterMesh {
  /** Real endpoints, with the port that was taken. */
  readonly dataEndpoint: string;
  readonly enrollEndpoint: string;
  /**
   * Never blocks; what waits for an old session never goes out on a new one.
   * @throws RangeError for a frame over 1 MiB, a broken promise of the caller's
   */
  send(session: string, frame: RouterFrame): SendOutcome;
  /** Tells the agent `refused` and forgets the session; its later frames are discarded unread. */
  close(session: string, refusal: Refusal): void;
  /** Counts a frame that was well formed and forbidden, such as one that names another agent's execution. */
  blame(session: string, reason: string): void;
  /** The open session of an agent. */
  sessionOf(agentId: AgentId): MeshSession | null;
  /** Null when there is no such session. */
  stats(session: string): SessionStats | null;
  /** Says goodbye to all sessions and closes the sockets. */
  stop(): Promise<void>;
}
