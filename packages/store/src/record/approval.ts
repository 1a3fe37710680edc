import type {
  APPROVAL_KINDS,
  ApiKeyId,
  ApprovalId,
  ApprovalStatus,
  Decision,
  InvocationId,
  PolicyId,
  PrincipalRef,
  ProjectId,
  Quorum,
  Risk,
  Surface,
  WorkspaceId,
} from '@xem/protocol';

/** One step of an escalation chain; the first is the policy's own. An empty list of groups means everybody. */
export interface ApprovalStage {
  readonly groups: readonly string[];
  readonly expiresAt: number;
}

/** One person's voice, and the groups they were in when they gave it. */
export interface DecisionRecord extends Decision {
  readonly groups: readonly string[];
}

/** The version of a policy that an approval is bound to. */
export interface BoundPolicy {
  readonly id: PolicyId;
  readonly name: string;
  readonly version: number;
  /** The hash of its rules, so that rules which somebody changed in the database are told; approvals of old have none. */
  readonly rulesSha256?: string;
}

/** A decision that is waited for, or was made. */
export interface ApprovalRecord {
  readonly id: ApprovalId;
  readonly version: number;
  readonly invocationId: InvocationId;
  readonly projectId: ProjectId;
  readonly workspaceId: WorkspaceId;
  readonly status: ApprovalStatus;
  readonly kind: (typeof APPROVAL_KINDS)[number];
  readonly tool: string;
  readonly risk: Risk;
  readonly toolDigest: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly argsSha256: string;
  readonly reason: string | null;
  readonly callSha256: string;
  readonly requestedBy: PrincipalRef;
  /** The family of the key that asked: through a model's surface none that comes from it decides. */
  readonly requestFamily: ApiKeyId;
  readonly surface: Surface;
  readonly policy: BoundPolicy;
  readonly stages: readonly ApprovalStage[];
  readonly stageIndex: number;
  readonly quorum: Quorum;
  readonly decisions: readonly DecisionRecord[];
  readonly decidedBy: PrincipalRef | null;
  readonly decisionNote: string | null;
  readonly confirmRequired: boolean;
  /** End of the present stage: what the deadline loop watches. */
  readonly stageExpiresAt: number;
  /** End of the last stage. */
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly decidedAt: number | null;
}

/** Filters of a list of approvals. */
export interface ApprovalFilter {
  readonly status?: ApprovalStatus | undefined;
  readonly risk?: Risk | undefined;
  readonly tool?: string | undefined;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly invocationId?: InvocationId | undefined;
}

/** What a policy says, version by version; rows are never changed. */
export interface PolicyRecord {
  readonly id: PolicyId;
  readonly version: number;
  readonly projectId: ProjectId;
  /** Null for the project's own policy. */
  readonly workspaceId: WorkspaceId | null;
  readonly name: string;
  readonly rules: PolicyRules;
  /** Null for what the router made by itself. */
  readonly createdBy: PrincipalRef | null;
  readonly createdAt: number;
  /** The last version of a policy that was deleted: it is in force nowhere. */
  readonly retired: boolean;
}

/** The rules of a policy. */
export interface PolicyRules {
  /** Risks that wait for a decision; always holds destructive and irreversible. */
  readonly require: readonly Risk[];
  readonly timeoutSeconds: { readonly destructive: number; readonly irreversible: number };
  readonly onTimeout: {
    readonly destructive: 'escalate' | 'reject';
    readonly irreversible: 'escalate' | 'reject';
  };
  readonly quorum: { readonly destructive: Quorum; readonly irreversible: Quorum };
  readonly allowSelfApproval: { readonly destructive: boolean; readonly irreversible: boolean };
  readonly requireConfirmIrreversible: boolean;
  readonly decideWith: 'any' | 'interactive';
  readonly escalationChain: readonly {
    readonly groups: readonly string[];
    readonly timeoutSeconds: number;
  }[];
}
