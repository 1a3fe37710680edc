import { seededIds, virtualClock } from '@xem/runtime/testing';
import { agentIdentity, type AgentIdentity } from './agent-identity.ts';
import { memoryNetwork } from './memory-network.ts';
import { openRawAgent } from './raw-agent.ts';
import { openRecordedLink } from './recorded-link.ts';
import { openRecordedRouter, type RecordedRouterOptions } from './recorded-router.ts';

/** A router that knows agents a and b, in memory, on a clock that stands still. */
export async function memoryFixture(
  options: Partial<Pick<RecordedRouterOptions, 'limits' | 'handlers' | 'admits'>> = {},
) {
  const clock = virtualClock();
  const network = memoryNetwork({ clock, seed: 'fixture' });
  const a = agentIdentity('a');
  const b = agentIdentity('b');
  const world = { clock, network };
  const router = await openRecordedRouter({
    ...world,
    ...options,
    ids: seededIds(clock, 'router'),
    agents: [a, b],
  });
  const endpoint = router.mesh.dataEndpoint;
  const link = (agent: AgentIdentity, seed = 'link') =>
    openRecordedLink({ ...world, agent, ids: seededIds(clock, seed), endpoints: [endpoint] });
  const raw = (agent: Pick<AgentIdentity, 'curve'>) =>
    openRawAgent({ network, endpoint, agent, router: router.identity });
  const rawEnroll = (agent: Pick<AgentIdentity, 'curve'>) =>
    openRawAgent({
      network,
      agent,
      endpoint: router.mesh.enrollEndpoint,
      router: router.identity,
      socket: 'enrollment',
    });
  return { ...router, clock, network, a, b, link, raw, rawEnroll };
}
