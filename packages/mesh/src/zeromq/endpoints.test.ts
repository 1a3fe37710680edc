import { systemClock, systemIds, type Clock } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { agentIdentity } from '../testing/agent-identity.ts';
import { openRecordedLink } from '../testing/recorded-link.ts';
import { openRecordedRouter } from '../testing/recorded-router.ts';

const clock = systemClock();

/** The clock, and what was waited for by it: each sleep, and each timer that ran to its end. */
function watchedClock(): { readonly watched: Clock; readonly waits: number[] } {
  const waits: number[] = [];
  const after: Clock['after'] = (ms, call) =>
    clock.after(ms, () => {
      waits.push(ms);
      call();
    });
  const sleep: Clock['sleep'] = (ms, signal) => {
    waits.push(ms);
    return clock.sleep(ms, signal);
  };
  return { watched: { ...clock, after, sleep }, waits };
}

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
  const { watched, waits } = watchedClock();
  const agent = openRecordedLink({ clock: watched, ids, agent: A, endpoints: [DEAD, dataEndpoint] });
  onTestFinished(() => agent.link.close());
  await agent.until(({ welcomes }) => welcomes.length === 1);
  expect(waits).toEqual([]);
  const { name } = first.mesh.sessionOf(A.agentId) ?? { name: '' };
  first.mesh.close(name, { code: 'unavailable', message: 'come again' });
  await agent.until(({ welcomes }) => welcomes.length === 2);
  expect(agent.record.losses.map(({ code }) => code)).toEqual(['unreachable', 'unavailable']);
});

test('link tries at least every second to be back at a router that said goodbye', async () => {
  const first = await openRouter();
  const { dataEndpoint } = first.mesh;
  const { watched, waits } = watchedClock();
  const agent = openRecordedLink({ clock: watched, ids, agent: A, endpoints: [dataEndpoint] });
  onTestFinished(() => agent.link.close());
  await agent.until(({ welcomes }) => welcomes.length === 1);
  await first.mesh.stop();
  // As many tries as would have made the waits longer than the test allows.
  await agent.until(({ losses }) => losses.length > 6);
  expect(agent.record.losses[0]).toMatchObject({ code: 'goodbye', welcomed: true });
  await openRouter(dataEndpoint);
  await agent.until(({ welcomes }) => welcomes.length === 2);
  expect(waits.length).toBeGreaterThan(5);
  expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
});
