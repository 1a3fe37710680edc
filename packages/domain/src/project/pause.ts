import { pauseProject, resumeProject, type ParsedInputOf, type Project } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { changePause } from '../pause/change.ts';
import { loadProject, presentProject } from './present.ts';

type Input = ParsedInputOf<typeof pauseProject>;

const change = async (ctx: VerbContext, { reason }: Input, pause: boolean): Promise<Project> => {
  const row = await changePause(ctx, {
    operation: pause ? pauseProject : resumeProject,
    pause,
    reason,
    load: (tx) => loadProject(ctx, tx.access),
    save: (tx, project) => tx.access.saveProject(project),
    fact: ({ id }, data) => ({
      type: pause ? 'project.paused' : 'project.resumed',
      subject: { type: 'project', id },
      data,
    }),
  });
  return presentProject(ctx.store.read, row);
};

/** Holds what waits in the whole project, with its clocks stopped; what runs goes on. Again changes nothing. */
export const pause = (ctx: VerbContext, input: Input): Promise<Project> => change(ctx, input, true);

/** Lets the work of the project go on. */
export const resume = (ctx: VerbContext, input: Input): Promise<Project> => change(ctx, input, false);
