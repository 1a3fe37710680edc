import type { ApprovalId, ProjectId } from '@xem/protocol';
import type { ApprovalLinkRecord } from './record/link.ts';

/** Reads of links to decide one approval. */
export interface ApprovalLinkReader {
  /** By the SHA-256 of its token, or of the session that the token was exchanged for. */
  byToken(tokenSha256: string): Promise<ApprovalLinkRecord | null>;
  /** Every link to decide an approval, newest first. */
  ofApproval(projectId: ProjectId, approvalId: ApprovalId): Promise<readonly ApprovalLinkRecord[]>;
}

/** The same within a transaction, and writes. */
export interface ApprovalLinkWriter extends ApprovalLinkReader {
  insert(row: ApprovalLinkRecord): Promise<void>;
  /** Compare and set on `version`. */
  save(row: ApprovalLinkRecord): Promise<ApprovalLinkRecord>;
}
