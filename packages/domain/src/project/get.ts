import type { Project } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { loadProject, presentProject } from './present.ts';

/** Reads the caller's project. */
export const get = async (ctx: VerbContext): Promise<Project> =>
  presentProject(ctx.store.read, await loadProject(ctx, ctx.store.read.access));
