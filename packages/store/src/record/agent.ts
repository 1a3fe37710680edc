import type {
  AgentId,
  AgentStatus,
  HostReport,
  JoinKeyId,
  JoinKeyUseStatus,
  Manifest,
  Pause,
  PrincipalRef,
  ProjectId,
  ToolDefinition,
  WorkspaceId,
} from '@xem/protocol';

/** A change of an agent's CURVE key that is under way. Both keys are admitted once the agent has named the new one. */
export interface CurveRotation {
  readonly id: string;
  readonly startedAt: number;
  /** Z85; null until the agent has answered with it. */
  readonly curveKey: string | null;
}

/** That another agent holds the same name, and which of the two had it first. */
export interface AgentConflict {
  readonly role: 'incumbent' | 'challenger';
  readonly with: AgentId;
  readonly since: number;
}

/** An enrolled host process. Its lease is not stored: it runs on the monotonic clock of the router. */
export interface AgentRecord {
  readonly id: AgentId;
  readonly version: number;
  readonly projectId: ProjectId;
  readonly registrationName: string;
  readonly region: string | null;
  readonly agentVersion: string;
  readonly status: AgentStatus;
  readonly paused: Pause | null;
  /** Z85. */
  readonly curveKey: string;
  readonly rotation: CurveRotation | null;
  readonly conflict: AgentConflict | null;
  /** base64url. */
  readonly signingKey: string;
  readonly joinKeyId: JoinKeyId;
  /** The agent's own database, as it said in its last hello; null before the first. */
  readonly journalId: string | null;
  /** Grows with every welcome. */
  readonly epoch: number;
  readonly manifestVersion: number;
  readonly manifestHash: string;
  readonly host: HostReport;
  readonly hostReportedAt: number;
  readonly sourceAddress: string | null;
  readonly enrolledAt: number;
  readonly lastSeenAt: number | null;
  readonly connectionSince: number;
  readonly createdAt: number;
  /** Since when neither of its keys may ever enrol again, though its host may with others. */
  readonly credentialsRevokedAt: number | null;
}

/** The manifest an agent published last. */
export interface ManifestRecord {
  readonly agentId: AgentId;
  readonly projectId: ProjectId;
  readonly hash: string;
  readonly manifest: Manifest;
  readonly receivedAt: number;
}

/** One tool of an agent's manifest, with the digest that decisions are bound to. */
export interface AgentToolRecord {
  readonly agentId: AgentId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly digest: string;
  readonly definition: ToolDefinition;
  /** When this agent first published this digest. */
  readonly boundAt: number;
  /** Who accepted this definition, when a person had to. */
  readonly acceptedBy: PrincipalRef | null;
  /**
   * The hash of what keeps it from running; null when it runs. A tool of low risk waits behind another agent's gated
   * tool of its name; what stood waits behind what its agent has in its place; what was withdrawn behind the manifest
   * that left it out.
   */
  readonly heldBehind: string | null;
}

/** A short-lived credential for enrolment. */
export interface JoinKeyRecord {
  readonly id: JoinKeyId;
  readonly version: number;
  readonly projectId: ProjectId;
  readonly registrationName: string | null;
  readonly region: string | null;
  readonly replace: boolean;
  readonly workspaces: readonly WorkspaceId[];
  readonly uses: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly createdAt: number;
  readonly createdBy: PrincipalRef;
}

/** One use of a join key, bound to the signing key of the agent that took it. */
export interface JoinKeyUseRecord {
  readonly joinKeyId: JoinKeyId;
  readonly signingKey: string;
  readonly curveKey: string;
  readonly agentId: AgentId;
  readonly status: JoinKeyUseStatus;
  readonly reservedAt: number;
  readonly lapsesAt: number;
}
