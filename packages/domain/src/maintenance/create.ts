import { ExecError } from '@xem/errors';
import { createMaintenance, MaintenanceId, type Maintenance, type ParsedInputOf } from '@xem/protocol';
import type { MaintenanceReader, MaintenanceRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { msOrUndefined } from '../timestamp.ts';
import { loadWorkspace } from '../workspace/load.ts';
import { maintenanceFact } from './facts.ts';
import { presentMaintenance } from './present.ts';

/** Every workspace that is shown names the windows that reach it, and every new call looks at them all. */
const OPEN_MAX = 100;

type Draft = ParsedInputOf<typeof createMaintenance>;

/** A window ends after it starts, and after now. @throws ExecError invalid_body */
export function assertSpan({ status, startsAt, endsAt }: MaintenanceRecord, now: number): void {
  const begins = status === 'scheduled' ? Math.max(startsAt, now) : now;
  if (endsAt === null || endsAt > begins) return;
  const message = 'ends_at must be after starts_at, and not be over';
  throw new ExecError('invalid_body', message, { param: '/ends_at' });
}

function newWindow(ctx: VerbContext, draft: Draft): MaintenanceRecord {
  const now = ctx.clock.now();
  const startsAt = msOrUndefined(draft.starts_at) ?? now;
  return {
    id: MaintenanceId.parse(`mnt_${ctx.ids.hex()}`),
    version: 1,
    projectId: ctx.projectId,
    workspaceId: draft.workspace_id ?? null,
    title: draft.title,
    description: draft.description ?? null,
    severity: draft.severity,
    status: 'scheduled',
    startsAt,
    endsAt: msOrUndefined(draft.ends_at) ?? null,
    createdBy: ctx.caller.principal,
    createdAt: now,
    startedAt: null,
    endedAt: null,
    dueAt: startsAt,
  };
}

/** Windows that have not ended hold up whoever else the router serves, when there are too many. @throws ExecError invalid_state */
async function assertFew({ projectId }: VerbContext, rows: MaintenanceReader): Promise<void> {
  const slice = { limit: OPEN_MAX };
  const scheduled = await rows.list(projectId, { status: 'scheduled' }, slice);
  const started = await rows.list(projectId, { status: 'in_progress' }, slice);
  if (scheduled.length + started.length < OPEN_MAX) return;
  throw new ExecError('invalid_state', `a project has at most ${OPEN_MAX} windows that have not ended`);
}

/** Announces a window; the router starts it at its time. @throws ExecError workspace_not_found, invalid_body, invalid_state */
export const create = (ctx: VerbContext, draft: Draft): Promise<Maintenance> =>
  mutate(ctx, createMaintenance, async (tx) => {
    if (draft.workspace_id !== undefined) await loadWorkspace(ctx, tx.workspaces, draft.workspace_id);
    const row = newWindow(ctx, draft);
    assertSpan(row, row.createdAt);
    await assertFew(ctx, tx.maintenance);
    await tx.maintenance.insert(row);
    return { result: presentMaintenance(row), facts: [maintenanceFact('maintenance.created', row)] };
  });
