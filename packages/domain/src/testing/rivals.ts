import type { AgentId } from '@xem/protocol';
import { lapse } from '../agent/lapse.ts';
import type { Welcomed } from '../agent/welcome.ts';
import { greet, type TestHost } from './agent.ts';
import { servingAgent } from './call.ts';
import type { TestWorld } from './world.ts';

const LEASE_MS = 30_000;
const NAME = 'xem-test';

type Present = Welcomed & { readonly host: TestHost };

/** An agent says hello once more, from another address. */
export const comeBack = ({ services }: TestWorld, { host, agent }: Present): Promise<Welcomed> =>
  greet(services, { hello: host.hello(agent.id, agent.manifestHash), sourceAddress: '192.0.2.9' });

/** Two holders of one name that serve the workspace: the first one is away, the second one is online. */
export async function rivals(
  world: TestWorld,
): Promise<{ readonly incumbent: Present; readonly challenger: Present }> {
  const incumbent = await servingAgent(world);
  await world.clock.advance(LEASE_MS);
  await lapse(world.services, incumbent.agent.id);
  const challenger = await servingAgent(world, { key: { name: NAME } });
  return { incumbent, challenger };
}

/** The same two once the first one is back. */
export async function inConflict(world: TestWorld): Promise<{
  readonly incumbent: AgentId;
  readonly challenger: AgentId;
  readonly both: { readonly incumbent: Present; readonly challenger: Present };
}> {
  const both = await rivals(world);
  await comeBack(world, both.incumbent);
  return { incumbent: both.incumbent.agent.id, challenger: both.challenger.agent.id, both };
}
