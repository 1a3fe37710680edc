import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AgentId,
  InvocationId,
  PrincipalId,
  ProjectId,
  WebhookId,
  WorkspaceId,
  type Risk,
  type Surface,
} from '@xem/protocol';
import type Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openMigrated } from './migrate.ts';
import { outputReader, outputWriter } from './query/output.ts';
import { expiredOutputs } from './query/retention.ts';
import type { Session } from './session.ts';
import { readTables, writeTables } from './tables.ts';

const projectId = ProjectId.parse('prj_000000000000000000000001');
const invocationId = InvocationId.parse('00000000-0000-7000-8000-000000000000');
const agentId = AgentId.parse('agt_000000000000000000000001');
const workspaceId = WorkspaceId.parse('ws_000000000000000000000001');
const webhookId = WebhookId.parse('whk_000000000000000000000001');
const requestedBy = PrincipalId.parse('prn_000000000000000000000001');
const surface: Surface = 'rest';
const risk: Risk = 'read';

const SLICES = [{ limit: 1 }, { limit: 1, after: { createdAt: 1, id: 'x' } }];

/** Tables that are read whole on purpose, at the start of the router. */
const READ_WHOLE = [
  // One row for each reader and project.
  'FROM journal_cursor WHERE project_id = ?',
  'FROM "project" t ORDER BY',
  'FROM "workspace_binding" t ',
  'FROM "workspace" t WHERE t.concurrency IS NOT NULL',
];

interface Watched extends Session {
  readonly sources: Set<string>;
}

/** A migrated database that remembers every statement that is prepared on it. */
async function openWatched(): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), 'xem-plan-'));
  const { database } = openMigrated(join(folder, 'xem.db'));
  onTestFinished(async () => {
    database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const sources = new Set<string>();
  const prepare = (source: string): Database.Statement => {
    sources.add(source);
    return database.prepare(source);
  };
  const watched: Database.Database = Object.create(database, { prepare: { value: prepare } });
  return { database: watched, open: true, sources };
}

function pairOf<Filter extends object>(
  filter: Filter,
  one: keyof Filter,
  two: keyof Filter,
): Partial<Filter> {
  const pair: Partial<Filter> = {};
  pair[one] = filter[one];
  pair[two] = filter[two];
  return pair;
}

/** No filter, every filter alone, and each pair of filters. */
function* combinationsOf<Filter extends object>(filter: Filter): Iterable<Partial<Filter>> {
  yield {};
  for (const one in filter) {
    for (const two in filter) yield pairOf(filter, one, two);
  }
}

async function askEverything(session: Session): Promise<void> {
  const read = readTables(session);
  const common = { workspaceId, agentId, tool: 'x', createdAfter: 1, createdBefore: 2 };
  for (const slice of SLICES) {
    for (const filter of combinationsOf({ ...common, status: 'queued' as const, requestedBy, surface })) {
      await read.invocations.list(projectId, filter, slice);
    }
    for (const filter of combinationsOf({ ...common, status: 'running' as const, invocationId })) {
      await read.executions.list(projectId, filter, slice);
    }
    const approvals = { status: 'pending' as const, risk, tool: 'x', workspaceId, invocationId };
    for (const filter of combinationsOf(approvals)) await read.approvals.list(projectId, filter, slice);
    for (const filter of combinationsOf({ status: 'online', workspaceId })) {
      await read.agents.list(projectId, filter, slice);
    }
    for (const filter of combinationsOf({ status: 'scheduled' as const }))
      await read.maintenance.list(projectId, filter, slice);
    await read.workspaces.list(projectId, slice);
    await read.joinKeys.list(projectId, slice);
    for (const filter of combinationsOf({ kind: 'human' as const, name: 'x' })) {
      await read.access.principals(projectId, filter, slice);
    }
    for (const filter of combinationsOf({ principalId: requestedBy })) {
      await read.access.apiKeys(projectId, filter, slice);
    }
    await read.webhooks.list(projectId, slice);
    for (const filter of combinationsOf({ status: 'pending' as const, eventType: 'exec.failed' as const })) {
      await read.deliveries.list(webhookId, filter, slice);
    }
  }
}

function planOf({ database }: Session, source: string): readonly string[] {
  const places = source.split('?').length - 1;
  const explain = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`);
  return explain.all(...Array.from({ length: places }, () => null)).map(({ detail }) => detail);
}

/** A list that came as a parameter is no table. */
const walksATable = (step: string): boolean =>
  step.startsWith('SCAN') && !step.includes('USING') && !step.startsWith('SCAN json_each');

/** Pages are cut from an index; the few tools or workspaces of one agent may be sorted. */
const sortsForAPage = (source: string, step: string): boolean =>
  source.endsWith('LIMIT +?') && step.includes('TEMP B-TREE');

test('no query of the store walks through a table, and no page is sorted', async () => {
  const session = await openWatched();
  writeTables(session, () => undefined);
  expiredOutputs(session);
  outputReader(session);
  outputWriter(session);
  await askEverything(session);
  const asked = [...session.sources].filter((source) => /^\s*(?:SELECT|UPDATE|DELETE)/.test(source));
  const slow = asked.flatMap((source) => {
    const steps = planOf(session, source).filter((step) => walksATable(step) || sortsForAPage(source, step));
    return steps.length > 0 && !READ_WHOLE.some((whole) => source.includes(whole)) ? [{ source, steps }] : [];
  });
  expect(asked.length).toBeGreaterThan(150);
  expect(slow).toEqual([]);
});
