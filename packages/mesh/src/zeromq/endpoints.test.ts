import { systemClock, systemIds } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { agentIdentity } from '../testing/agent-identity.ts';
import { openRecordedLink } from '../testing/recorded-link.ts';
import { openRecordedRouter } from '../testing/recorded-router.ts';

const clock = systemClock();
const ids = systemIds(clock);
const A = agentIdentity('a');

/** Nobody listens there. */
const DEAD = 'tcp://127.0.0.1:1';

async function openRouter(dataEndpoint?: string) {
  const router = await openRecordedRouter({ clock, ids, agents: [A], ...(dataEndpoint && { dataEndpoint }) });
  onTestFinished(() => router.mesh.stop());
  return router;
}

test('link passes by a dead endpoint without a wait, and stays with the one that answers', async () => {
  const first = await openRouter();
  const { dataEndpoint } = first.mesh;
  const startedAt = clock.monotonic();
  const agent = openRecordedLink({ clock, ids, agent: A, endpoints: [DEAD, dataEndpoint] });
  onTestFinished(() => agent.link.close());
  await agent.until(({ welcomes }) => welcomes.length === 1);
  expect(clock.monotonic() - startedAt).toBeLessThan(1500);
  const { name } = first.mesh.sessionOf(A.agentId) ?? { name: '' };
  first.mesh.close(name, { code: 'unavailable', message: 'come again' });
  await agent.until(({ welcomes }) => welcomes.length === 2);
  expect(agent.record.losses.map(({ code }) => code)).toEqual(['unreachable', 'unavailable']);
});

test('link is back within a second of a router that said goodbye', async () => {
  const first = await openRouter();
  const { dataEndpoint } = first.mesh;
  const agent = openRecordedLink({ clock, ids, agent: A, endpoints: [dataEndpoint] });
  onTestFinished(() => agent.link.close());
  await agent.until(({ welcomes }) => welcomes.length === 1);
  await first.mesh.stop();
  // As many tries as would have made the waits longer than the test allows.
  await agent.until(({ losses }) => losses.length > 6);
  expect(agent.record.losses[0]).toMatchObject({ code: 'goodbye', welcomed: true });
  await openRouter(dataEndpoint);
  const backAt = clock.monotonic();
  await agent.until(({ welcomes }) => welcomes.length === 2);
  expect(clock.monotonic() - backAt).toBeLessThan(1000);
});
