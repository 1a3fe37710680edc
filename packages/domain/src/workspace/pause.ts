import { pauseWorkspace, resumeWorkspace, type ParsedInputOf, type Workspace } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { changePause } from '../pause/change.ts';
import { loadWorkspace } from './load.ts';
import { presentWorkspace } from './present.ts';

type Input = ParsedInputOf<typeof pauseWorkspace>;

const change = async (
  ctx: VerbContext,
  { workspace_id: id, reason }: Input,
  pause: boolean,
): Promise<Workspace> => {
  const row = await changePause(ctx, {
    operation: pause ? pauseWorkspace : resumeWorkspace,
    pause,
    reason,
    load: (tx) => loadWorkspace(ctx, tx.workspaces, id),
    save: (tx, workspace) => tx.workspaces.save(workspace),
    fact: (_, data) => ({
      type: pause ? 'workspace.paused' : 'workspace.resumed',
      subject: { type: 'workspace', id },
      refs: { workspace_id: id },
      data,
    }),
  });
  return presentWorkspace(ctx, ctx.store.read, row);
};

/** Holds what waits in a workspace, with its clocks stopped; what runs goes on. Again changes nothing. @throws ExecError workspace_not_found */
export const pause = (ctx: VerbContext, input: Input): Promise<Workspace> => change(ctx, input, true);

/** Lets the work of a workspace go on. @throws ExecError workspace_not_found */
export const resume = (ctx: VerbContext, input: Input): Promise<Workspace> => change(ctx, input, false);
