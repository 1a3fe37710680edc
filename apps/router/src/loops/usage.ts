import { rollUpUsage, type Services } from '@xem/domain';
import type { ProjectId } from '@xem/protocol';
import { startLoop, type Loop } from './loop.ts';

const EVERY_MS = 2000;

/** Projects whose journals went on since they were summed up; at the start that may be all. */
function createBehind({ store }: Services) {
  const behind = new Set<ProjectId>();
  let isFirst = true;
  const stopListening = store.onCommit((entries) => {
    for (const { project_id } of entries) behind.add(project_id);
  });
  return {
    stopListening,
    /** Does something for each of them; one for which it fails stays behind. */
    each: async (work: (projectId: ProjectId) => Promise<void>): Promise<void> => {
      if (isFirst) for (const { id } of await store.read.access.projects()) behind.add(id);
      isFirst = false;
      const projects = Array.from(behind);
      for (const projectId of projects) {
        behind.delete(projectId);
        await work(projectId).catch((err: unknown) => {
          behind.add(projectId);
          throw err;
        });
      }
    },
  };
}

/**
 * Sums up what projects use, soon after it is in their journals; at the start what came in while this was not running.
 * Batch by batch, so that callers go between.
 */
export function startUsage(services: Services): Loop {
  const { clock, log } = services;
  const behind = createBehind(services);
  let stopped = false;
  const loop = startLoop({ name: 'usage', everyMs: EVERY_MS, clock, log }, () =>
    behind.each(async (projectId) => {
      let more = true;
      while (more) more = (await rollUpUsage(services, projectId)) && !stopped;
    }),
  );
  return {
    stop: () => {
      stopped = true;
      behind.stopListening();
      return loop.stop();
    },
  };
}
