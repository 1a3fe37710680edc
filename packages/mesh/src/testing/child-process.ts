import { systemClock, systemIds } from '@xem/runtime';
import { agentIdentity } from './agent-identity.ts';
import { openRecordedLink } from './recorded-link.ts';
import { openRecordedRouter } from './recorded-router.ts';

/**
 * One end of a mesh as a process of its own, which a test can stop and kill: `agent NAME ENDPOINT`, or
 * `router NAME`, which knows this one agent. It tells its parent when it is up, and ends with it.
 */
async function main([role = '', name = '', endpoint = '']: readonly string[]): Promise<void> {
  const clock = systemClock();
  const ids = systemIds(clock);
  const agent = agentIdentity(name);
  process.on('disconnect', () => process.exit(0));
  if (role === 'agent') {
    const { until } = openRecordedLink({ clock, ids, agent, endpoints: [endpoint] });
    await until(({ welcomes }) => welcomes.length === 1);
    process.send?.({ open: true });
    return;
  }
  const { mesh } = await openRecordedRouter({ clock, ids, agents: [agent] });
  process.send?.({ endpoint: mesh.dataEndpoint });
}

await main(process.argv.slice(2));
