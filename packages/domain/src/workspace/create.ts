import { createWorkspace, WorkspaceId, type ParsedInputOf, type Workspace } from '@xem/protocol';
import type { WorkspaceRecord } from '@xem/store';
import type { VerbContext, WriteContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { presentWorkspace } from './present.ts';

type Draft = ParsedInputOf<typeof createWorkspace>;

/** A new workspace that no agent serves yet. */
export const newWorkspace = (ctx: WriteContext, { name, type, model }: Draft): WorkspaceRecord => ({
  id: WorkspaceId.parse(`ws_${ctx.ids.hex()}`),
  version: 1,
  projectId: ctx.projectId,
  name,
  type: type ?? null,
  model: model ?? null,
  paused: null,
  concurrency: null,
  createdAt: ctx.clock.now(),
});

/** What the journal hears of a new workspace. */
export const workspaceCreated = ({ id, name }: WorkspaceRecord): Fact => ({
  type: 'workspace.created',
  subject: { type: 'workspace', id },
  refs: { workspace_id: id },
  data: { name },
});

/** Makes a workspace. */
export const create = (ctx: VerbContext, input: Draft): Promise<Workspace> =>
  mutate(ctx, createWorkspace, async (tx) => {
    const row = newWorkspace(ctx, input);
    await tx.workspaces.insert(row);
    return { result: await presentWorkspace(ctx, tx, row), facts: [workspaceCreated(row)] };
  });
