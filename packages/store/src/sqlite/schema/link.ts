import type { ApiKeyId, ApprovalId, LinkId, PrincipalId, PrincipalRef, ProjectId } from '@xem/protocol';
import type { SignInRights } from '../../record/link.ts';
import { index, integer, sqliteTable, text } from '../drizzle.ts';
import { approval } from './approval.ts';
import { principal } from './principal.ts';

/** A one-time link to decide one approval, by the SHA-256 of its token. */
export const approvalLink = sqliteTable(
  'approval_link',
  {
    id: text('id').$type<LinkId>().primaryKey(),
    version: integer('version').notNull(),
    tokenSha256: text('token_sha256').notNull().unique(),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    approvalId: text('approval_id')
      .$type<ApprovalId>()
      .notNull()
      .references(() => approval.id),
    reviewer: text('reviewer', { mode: 'json' }).$type<PrincipalRef>().notNull(),
    mintedBy: text('minted_by', { mode: 'json' }).$type<PrincipalRef>().notNull(),
    minterKeyId: text('minter_key_id').$type<ApiKeyId>().notNull(),
    /** The minter's groups, which the reviewer's vote carries. */
    groups: text('groups', { mode: 'json' }).$type<readonly string[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [index('approval_link_approval').on(table.approvalId)],
);

/** A one-time link with which a new human signs in for the first time, by the SHA-256 of its token. */
export const signInLink = sqliteTable(
  'sign_in_link',
  {
    tokenSha256: text('token_sha256').primaryKey(),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    principalId: text('principal_id')
      .$type<PrincipalId>()
      .notNull()
      .references(() => principal.id),
    /** What the key may do that the link hands out. */
    rights: text('rights', { mode: 'json' }).$type<SignInRights>().notNull(),
    createdBy: text('created_by', { mode: 'json' }).$type<PrincipalRef>().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    index('sign_in_link_principal').on(table.principalId),
    index('sign_in_link_expiry').on(table.expiresAt),
  ],
);
