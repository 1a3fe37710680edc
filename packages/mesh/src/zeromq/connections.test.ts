import { systemClock, systemIds } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { context } from 'zeromq';
import { agentIdentity } from '../testing/agent-identity.ts';
import { openRecordedLink, type RecordedLink } from '../testing/recorded-link.ts';
import { openRecordedRouter } from '../testing/recorded-router.ts';

const clock = systemClock();
const ids = systemIds(clock);
const AGENTS = 1000;

/** Two sockets a connection: its own, and the one that watches it. */
const SOCKETS_OF_AGENTS = 4 * AGENTS;

test('mesh holds a thousand sessions over CURVE', { timeout: 120_000 }, async () => {
  context.maxSockets = SOCKETS_OF_AGENTS;
  const agents = Array.from({ length: AGENTS }, (_, index) => agentIdentity(`agent ${index}`));
  const router = await openRecordedRouter({ clock, ids, agents });
  const links: RecordedLink[] = [];
  onTestFinished(async () => {
    await router.mesh.stop();
    await Promise.all(links.map(({ link }) => link.close()));
  });
  for (const agent of agents)
    links.push(openRecordedLink({ clock, ids, agent, endpoints: [router.mesh.dataEndpoint] }));
  await router.until(({ opened }) => opened.length >= AGENTS);
  await Promise.all(links.map(({ until }) => until(({ welcomes }) => welcomes.length > 0)));
  const without = agents.filter(({ agentId }) => router.mesh.sessionOf(agentId) === null);
  expect(without).toEqual([]);
});
