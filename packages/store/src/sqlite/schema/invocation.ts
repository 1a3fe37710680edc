import type {
  AgentId,
  ApiKeyId,
  ExecutionId,
  InvocationId,
  InvocationStatus,
  PrincipalRef,
  ProjectId,
  Risk,
  Surface,
  WorkspaceId,
} from '@xem/protocol';
import { index, integer, sql, sqliteTable, text } from '../drizzle.ts';
import type { InvocationRecord } from '../../record/invocation.ts';
import { project } from './project.ts';
import { workspace } from './workspace.ts';

export const invocation = sqliteTable(
  'invocation',
  {
    id: text('id').$type<InvocationId>().primaryKey(),
    version: integer('version').notNull(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    workspaceId: text('workspace_id')
      .$type<WorkspaceId>()
      .notNull()
      .references(() => workspace.id),
    tool: text('tool').notNull(),
    risk: text('risk').$type<Risk>().notNull(),
    domain: text('domain').notNull(),
    toolDigest: text('tool_digest').notNull(),
    idempotent: integer('idempotent', { mode: 'boolean' }).notNull(),
    args: text('args', { mode: 'json' }).$type<InvocationRecord['args']>().notNull(),
    argsSha256: text('args_sha256').notNull(),
    status: text('status').$type<InvocationStatus>().notNull(),
    surface: text('surface').$type<Surface>().notNull(),
    requestedBy: text('requested_by', { mode: 'json' }).$type<PrincipalRef>().notNull(),
    keyId: text('key_id').$type<ApiKeyId>(),
    reason: text('reason'),
    pinnedAgentId: text('pinned_agent_id').$type<AgentId>(),
    agentId: text('agent_id').$type<AgentId>(),
    timeoutMs: integer('timeout_ms').notNull(),
    attempt: integer('attempt').notNull(),
    losses: integer('losses').notNull(),
    executionId: text('execution_id').$type<ExecutionId>(),
    approval: text('approval', { mode: 'json' }).$type<NonNullable<InvocationRecord['approval']>>(),
    cancelRequestedAt: integer('cancel_requested_at'),
    error: text('error', { mode: 'json' }).$type<NonNullable<InvocationRecord['error']>>(),
    result: text('result', { mode: 'json' }).$type<NonNullable<InvocationRecord['result']>>(),
    rerunOf: text('rerun_of').$type<ExecutionId>(),
    traceparent: text('traceparent'),
    creditReserved: integer('credit_reserved'),
    createdAt: integer('created_at').notNull(),
    queuedAt: integer('queued_at'),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    deadlineAt: integer('deadline_at'),
    heldAt: integer('held_at'),
    heldRemainingMs: integer('held_remaining_ms'),
  },
  (table) => [
    index('invocation_newest').on(table.projectId, table.createdAt, table.id),
    index('invocation_status_newest').on(table.projectId, table.status, table.createdAt, table.id),
    index('invocation_tool_newest').on(table.projectId, table.tool, table.createdAt, table.id),
    index('invocation_workspace_newest').on(table.projectId, table.workspaceId, table.createdAt, table.id),
    index('invocation_agent_newest')
      .on(table.projectId, table.agentId, table.createdAt, table.id)
      .where(sql`agent_id IS NOT NULL`),
    index('invocation_requester_newest').on(
      table.projectId,
      sql`requested_by ->> '$.id'`,
      table.createdAt,
      table.id,
    ),
    index('invocation_surface_newest').on(table.projectId, table.surface, table.createdAt, table.id),
    index('invocation_deadline')
      .on(table.deadlineAt)
      .where(sql`deadline_at IS NOT NULL`),
    index('invocation_queued')
      .on(table.workspaceId, table.queuedAt, table.id)
      .where(sql`status = 'queued'`),
  ],
);
