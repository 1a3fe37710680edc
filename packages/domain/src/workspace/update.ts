import { hashJson, updateWorkspace, type ParsedInputOf, type Workspace } from '@xem/protocol';
import type { WorkspaceRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { changedConcurrency, concurrencyOf, presentConcurrency } from './concurrency.ts';
import { loadWorkspace } from './load.ts';
import { presentWorkspace } from './present.ts';

type Update = ParsedInputOf<typeof updateWorkspace>;

const updated = (row: WorkspaceRecord, { name, type, model, concurrency }: Update): WorkspaceRecord => ({
  ...row,
  name: name ?? row.name,
  type: type === undefined ? row.type : type,
  model: model === undefined ? row.model : model,
  concurrency: concurrency ? changedConcurrency(concurrencyOf(row), concurrency) : row.concurrency,
});

const updatedFact = ({ id, name, type, model, ...row }: WorkspaceRecord): Fact => ({
  type: 'workspace.updated',
  subject: { type: 'workspace', id },
  refs: { workspace_id: id },
  data: { name, type, model, concurrency: presentConcurrency(concurrencyOf(row)) },
});

/** Changes a workspace; new limits hold for the next call that is given out. @throws ExecError workspace_not_found */
export const update = (ctx: VerbContext, input: Update): Promise<Workspace> =>
  mutate(ctx, updateWorkspace, async (tx) => {
    const before = await loadWorkspace(ctx, tx.workspaces, input.workspace_id);
    const after = updated(before, input);
    if (hashJson(after) === hashJson(before))
      return { result: await presentWorkspace(ctx, tx, before), facts: [] };
    const saved = await tx.workspaces.save(after);
    return {
      result: await presentWorkspace(ctx, tx, saved),
      facts: [updatedFact(saved)],
      committed: () => ctx.occupancy.limit(saved.id, concurrencyOf(saved)),
    };
  });
