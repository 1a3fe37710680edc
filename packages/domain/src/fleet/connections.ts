import type { AgentId } from '@xem/protocol';

/** What is measured of an open session. `connectedAt` in milliseconds since 1970. */
export interface ConnectionStats {
  readonly connectedAt: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly badFrames: number;
}

/** Why a connection of an agent ended badly. */
export interface ConnectionError {
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

/** What the mesh knows of connections; the domain only shows it. */
export interface Connections {
  /** Null when there is no such session. */
  stats(session: string): ConnectionStats | null;
  /** The last since the router started, or null. */
  lastErrorOf(agentId: AgentId): ConnectionError | null;
}
