import type {
  AgentId,
  EndedBy,
  ExecutionId,
  ExecutionStatus,
  Failure,
  InvocationId,
  ProjectId,
  StreamDigest,
  WorkspaceId,
} from '@xem/protocol';
import { index, integer, sql, sqliteTable, text } from '../drizzle.ts';
import { invocation } from './invocation.ts';
import { OPEN } from './conditions.ts';

export const execution = sqliteTable(
  'execution',
  {
    id: text('id').$type<ExecutionId>().primaryKey(),
    version: integer('version').notNull(),
    invocationId: text('invocation_id')
      .$type<InvocationId>()
      .notNull()
      .references(() => invocation.id),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    workspaceId: text('workspace_id').$type<WorkspaceId>().notNull(),
    agentId: text('agent_id').$type<AgentId>().notNull(),
    tool: text('tool').notNull(),
    attempt: integer('attempt').notNull(),
    status: text('status').$type<ExecutionStatus>().notNull(),
    journalId: text('journal_id').notNull(),
    exitCode: integer('exit_code'),
    signal: text('signal'),
    endedBy: text('ended_by').$type<EndedBy>(),
    error: text('error', { mode: 'json' }).$type<Failure>(),
    stdout: text('stdout', { mode: 'json' }).$type<StreamDigest>(),
    stderr: text('stderr', { mode: 'json' }).$type<StreamDigest>(),
    evidence: integer('evidence', { mode: 'boolean' }).notNull(),
    durationMs: integer('duration_ms'),
    outputExpiresAt: integer('output_expires_at'),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    lostAt: integer('lost_at'),
  },
  (table) => [
    index('execution_newest').on(table.projectId, table.createdAt, table.id),
    index('execution_status_newest').on(table.projectId, table.status, table.createdAt, table.id),
    index('execution_tool_newest').on(table.projectId, table.tool, table.createdAt, table.id),
    index('execution_workspace_newest').on(table.projectId, table.workspaceId, table.createdAt, table.id),
    index('execution_agent_newest').on(table.projectId, table.agentId, table.createdAt, table.id),
    index('execution_invocation').on(table.invocationId, table.createdAt, table.id),
    index('execution_output_expiry')
      .on(table.outputExpiresAt)
      .where(sql`output_expires_at IS NOT NULL`),
    index('execution_open').on(table.agentId, table.createdAt, table.id).where(sql.raw(OPEN)),
  ],
);
