import type {
  AgentId,
  ApiKeyId,
  InvocationId,
  Pause,
  PrincipalId,
  PrincipalKind,
  PrincipalRef,
  ProjectId,
  RateLimit,
  Scope,
  WorkspaceId,
} from '@xem/protocol';
import type { BillingStatus, Tariff } from './credit.ts';

export interface ProjectRecord {
  readonly id: ProjectId;
  readonly version: number;
  readonly slug: string;
  readonly name: string;
  readonly paused: Pause | null;
  readonly plan: string;
  /** What all keys of the project together may send; null is no limit but the keys'. */
  readonly rate: RateLimit | null;
  readonly billing: BillingStatus;
  /** What its calls cost; null costs nothing. */
  readonly tariff: Tariff | null;
  readonly createdAt: number;
}

/** Who acts. */
export interface PrincipalRecord {
  readonly id: PrincipalId;
  readonly projectId: ProjectId;
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly groups: readonly string[];
  readonly disabled: boolean;
  /** When somebody last let them in, gave them a group or enabled them; null when that was on the router's host alone. */
  readonly empoweredAt: number | null;
  readonly createdBy: PrincipalRef | null;
  readonly createdAt: number;
}

/** A key by the SHA-256 of its value; the value itself is nowhere. */
export interface ApiKeyRecord {
  readonly id: ApiKeyId;
  readonly projectId: ProjectId;
  readonly principalId: PrincipalId;
  readonly name: string;
  readonly prefix: string;
  readonly valueSha256: string;
  readonly scopes: readonly Scope[];
  readonly canDecide: boolean;
  readonly rate: RateLimit;
  readonly endpoints: readonly string[] | null;
  readonly ipAllow: readonly string[] | null;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  readonly rotatedFrom: ApiKeyId | null;
  /**
   * A key and those it was rotated into are a family, named by its first: the family of this key, and, when it may
   * decide, those that it comes from by minting and rotation. Keys that decide come from keys that decide only.
   */
  readonly families: readonly ApiKeyId[];
  readonly createdAt: number;
}

/** A signed-in browser, by the SHA-256 of its cookie. */
export interface BrowserSessionRecord {
  readonly tokenSha256: string;
  readonly projectId: ProjectId;
  readonly keyId: ApiKeyId;
  readonly csrfToken: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** How many calls may run at once in a workspace. */
export interface WorkspaceConcurrency {
  /** All tools together; null is no limit but the agents' slots. */
  readonly max: number | null;
  /** By the name of the tool. */
  readonly perTool: Readonly<Record<string, number>>;
  /** Whether a destructive or irreversible call keeps every other one of its kind out while it runs. */
  readonly exclusiveDestructive: boolean;
}

/** The target of invocations. */
export interface WorkspaceRecord {
  readonly id: WorkspaceId;
  readonly version: number;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly type: string | null;
  readonly model: string | null;
  readonly paused: Pause | null;
  /** Null is the default: no limit, and one destructive call at a time. */
  readonly concurrency: WorkspaceConcurrency | null;
  readonly createdAt: number;
}

export interface BindingRecord {
  readonly workspaceId: WorkspaceId;
  readonly agentId: AgentId;
  readonly projectId: ProjectId;
  readonly createdBy: PrincipalRef;
  readonly createdAt: number;
}

/** That a key was used, and what it made; the row holds no answer. */
export interface IdempotencyRecord {
  readonly projectId: ProjectId;
  readonly principalId: PrincipalId;
  readonly operation: string;
  readonly key: string;
  readonly bodySha256: string;
  /** The invocation, or the project whose credit it changed. */
  readonly madeId: InvocationId | ProjectId;
  readonly createdAt: number;
}
