import type { Services } from '../context.ts';

/** Reads what is paused from the store, at the start of the router. */
export async function loadPauses({ store, pauses }: Pick<Services, 'store' | 'pauses'>): Promise<void> {
  const { access, agents, workspaces } = store.read;
  const rows = [...(await access.projects()), ...(await workspaces.paused()), ...(await agents.paused())];
  for (const { id, paused } of rows) pauses.set(id, paused);
}
