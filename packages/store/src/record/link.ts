import type {
  ApiKeyId,
  ApprovalId,
  LinkId,
  PrincipalId,
  PrincipalRef,
  ProjectId,
  Scope,
} from '@xem/protocol';

/** A one-time link to decide one approval; the token itself is nowhere. */
export interface ApprovalLinkRecord {
  readonly id: LinkId;
  readonly version: number;
  readonly tokenSha256: string;
  readonly projectId: ProjectId;
  readonly approvalId: ApprovalId;
  readonly reviewer: PrincipalRef;
  readonly mintedBy: PrincipalRef;
  readonly minterKeyId: ApiKeyId;
  /** The minter's groups, which the reviewer's vote carries. */
  readonly groups: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
}

/** What the key may do that a sign-in link hands out. */
export interface SignInRights {
  readonly scopes: readonly Scope[];
  readonly canDecide: boolean;
  /** The key that made the link, which dies with it. */
  readonly minterKeyId: ApiKeyId;
  /** The families that the key comes from. */
  readonly behind: readonly ApiKeyId[];
  /** From where; null is everywhere. */
  readonly ipAllow: readonly string[] | null;
}

/** A one-time link with which a new human signs in for the first time. */
export interface SignInLinkRecord {
  readonly tokenSha256: string;
  readonly projectId: ProjectId;
  readonly principalId: PrincipalId;
  readonly rights: SignInRights;
  readonly createdBy: PrincipalRef;
  readonly createdAt: number;
  readonly expiresAt: number;
}
