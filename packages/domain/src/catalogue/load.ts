import type { AgentId } from '@xem/protocol';
import type { AgentToolRecord } from '@xem/store';
import type { Services } from '../context.ts';
import { publicationOf } from '../manifest/publication.ts';

const byAgent = (tools: readonly AgentToolRecord[]): ReadonlyMap<AgentId, readonly AgentToolRecord[]> =>
  Map.groupBy(tools, ({ agentId }) => agentId);

/** Fills the catalogue from the store, at the start of the router. */
export async function loadCatalogue({
  store,
  catalogue,
}: Pick<Services, 'store' | 'catalogue'>): Promise<void> {
  const { agents, workspaces } = store.read;
  for (const [agentId, standing] of byAgent(await agents.tools())) {
    const published = await agents.manifest(agentId);
    if (published) catalogue.publish(agentId, publicationOf(published.manifest, published, standing));
  }
  for (const binding of await workspaces.allBindings()) catalogue.bind(binding);
}
