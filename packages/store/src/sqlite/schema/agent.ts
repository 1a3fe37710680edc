import type {
  AgentId,
  AgentStatus,
  HostReport,
  JoinKeyId,
  Manifest,
  Pause,
  ProjectId,
  PrincipalRef,
  ToolDefinition,
} from '@xem/protocol';
import type { AgentConflict, CurveRotation } from '../../record/agent.ts';
import { index, integer, primaryKey, sql, sqliteTable, text } from '../drizzle.ts';
import { ADMITTED } from './conditions.ts';
import { project } from './project.ts';

export const agent = sqliteTable(
  'agent',
  {
    id: text('id').$type<AgentId>().primaryKey(),
    version: integer('version').notNull(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    registrationName: text('registration_name').notNull(),
    region: text('region'),
    agentVersion: text('agent_version').notNull(),
    status: text('status').$type<AgentStatus>().notNull(),
    paused: text('paused', { mode: 'json' }).$type<Pause>(),
    curveKey: text('curve_key').notNull(),
    rotation: text('rotation', { mode: 'json' }).$type<CurveRotation>(),
    conflict: text('conflict', { mode: 'json' }).$type<AgentConflict>(),
    signingKey: text('signing_key').notNull(),
    joinKeyId: text('join_key_id').$type<JoinKeyId>().notNull(),
    journalId: text('journal_id'),
    epoch: integer('epoch').notNull(),
    manifestVersion: integer('manifest_version').notNull(),
    manifestHash: text('manifest_hash').notNull(),
    host: text('host', { mode: 'json' }).$type<HostReport>().notNull(),
    hostReportedAt: integer('host_reported_at').notNull(),
    sourceAddress: text('source_address'),
    enrolledAt: integer('enrolled_at').notNull(),
    lastSeenAt: integer('last_seen_at'),
    connectionSince: integer('connection_since').notNull(),
    createdAt: integer('created_at').notNull(),
    credentialsRevokedAt: integer('credentials_revoked_at'),
  },
  (table) => [
    index('agent_newest').on(table.projectId, table.createdAt, table.id),
    index('agent_status_newest').on(table.projectId, table.status, table.createdAt, table.id),
    index('agent_name').on(table.projectId, table.registrationName, table.createdAt),
    index('agent_curve_key').on(table.curveKey),
    index('agent_signing_key').on(table.signingKey),
    index('agent_next_curve_key')
      .on(sql`rotation ->> '$.curveKey'`)
      .where(sql`rotation IS NOT NULL`),
    index('agent_admitted').on(table.id, table.curveKey).where(sql.raw(ADMITTED)),
    index('agent_online')
      .on(table.id)
      .where(sql`status = 'online'`),
    index('agent_paused')
      .on(table.id)
      .where(sql`paused IS NOT NULL`),
  ],
);

export const agentManifest = sqliteTable('agent_manifest', {
  agentId: text('agent_id')
    .$type<AgentId>()
    .primaryKey()
    .references(() => agent.id, { onDelete: 'cascade' }),
  projectId: text('project_id').$type<ProjectId>().notNull(),
  hash: text('hash').notNull(),
  manifest: text('manifest', { mode: 'json' }).$type<Manifest>().notNull(),
  receivedAt: integer('received_at').notNull(),
});

export const agentTool = sqliteTable(
  'agent_tool',
  {
    agentId: text('agent_id')
      .$type<AgentId>()
      .notNull()
      .references(() => agent.id, { onDelete: 'cascade' }),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    name: text('name').notNull(),
    digest: text('digest').notNull(),
    definition: text('definition', { mode: 'json' }).$type<ToolDefinition>().notNull(),
    boundAt: integer('bound_at').notNull(),
    acceptedBy: text('accepted_by', { mode: 'json' }).$type<PrincipalRef>(),
    heldBehind: text('held_behind'),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.digest] })],
);
