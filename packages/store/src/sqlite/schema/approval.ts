import type {
  ApiKeyId,
  ApprovalId,
  ApprovalStatus,
  InvocationId,
  PrincipalRef,
  ProjectId,
  Quorum,
  Risk,
  Surface,
  WorkspaceId,
} from '@xem/protocol';
import { index, integer, sqliteTable, text } from '../drizzle.ts';
import type { ApprovalRecord, ApprovalStage, DecisionRecord } from '../../record/approval.ts';
import { invocation } from './invocation.ts';

export const approval = sqliteTable(
  'approval',
  {
    id: text('id').$type<ApprovalId>().primaryKey(),
    version: integer('version').notNull(),
    invocationId: text('invocation_id')
      .$type<InvocationId>()
      .notNull()
      .references(() => invocation.id),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    workspaceId: text('workspace_id').$type<WorkspaceId>().notNull(),
    status: text('status').$type<ApprovalStatus>().notNull(),
    kind: text('kind').$type<ApprovalRecord['kind']>().notNull(),
    tool: text('tool').notNull(),
    risk: text('risk').$type<Risk>().notNull(),
    toolDigest: text('tool_digest').notNull(),
    args: text('args', { mode: 'json' }).$type<ApprovalRecord['args']>().notNull(),
    argsSha256: text('args_sha256').notNull(),
    reason: text('reason'),
    callSha256: text('call_sha256').notNull(),
    requestedBy: text('requested_by', { mode: 'json' }).$type<PrincipalRef>().notNull(),
    requestFamily: text('request_family').$type<ApiKeyId>().notNull(),
    surface: text('surface').$type<Surface>().notNull(),
    policy: text('policy', { mode: 'json' }).$type<ApprovalRecord['policy']>().notNull(),
    stages: text('stages', { mode: 'json' }).$type<readonly ApprovalStage[]>().notNull(),
    stageIndex: integer('stage_index').notNull(),
    quorum: text('quorum', { mode: 'json' }).$type<Quorum>().notNull(),
    decisions: text('decisions', { mode: 'json' }).$type<readonly DecisionRecord[]>().notNull(),
    decidedBy: text('decided_by', { mode: 'json' }).$type<PrincipalRef>(),
    decisionNote: text('decision_note'),
    confirmRequired: integer('confirm_required', { mode: 'boolean' }).notNull(),
    stageExpiresAt: integer('stage_expires_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    createdAt: integer('created_at').notNull(),
    decidedAt: integer('decided_at'),
  },
  (table) => [
    index('approval_newest').on(table.projectId, table.createdAt, table.id),
    index('approval_status_newest').on(table.projectId, table.status, table.createdAt, table.id),
    index('approval_risk_newest').on(table.projectId, table.risk, table.createdAt, table.id),
    index('approval_tool_newest').on(table.projectId, table.tool, table.createdAt, table.id),
    index('approval_workspace_newest').on(table.projectId, table.workspaceId, table.createdAt, table.id),
    index('approval_invocation').on(table.invocationId, table.createdAt, table.id),
  ],
);
