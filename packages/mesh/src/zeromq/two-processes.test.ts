import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock, systemIds } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { agentIdentity } from '../testing/agent-identity.ts';
import { breakableLine, type BreakableLine } from '../testing/breakable-line.ts';
import { openRecordedLink } from '../testing/recorded-link.ts';
import { openRecordedRouter } from '../testing/recorded-router.ts';
import { sampleFrame } from '../testing/sample-frames.ts';

const clock = systemClock();
const ids = systemIds(clock);
const A = agentIdentity('a');
const B = agentIdentity('b');
const CHILD = fileURLToPath(new URL('../testing/child-process.ts', import.meta.url));

/** Starts one end of the mesh and waits until it is up. */
async function start(...words: string[]): Promise<{ child: ChildProcess; told: unknown }> {
  const child = fork(CHILD, words, { stdio: 'inherit' });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const told: unknown[] = await once(child, 'message');
  return { child, told: told[0] };
}

function endpointOf(told: unknown): string {
  if (typeof told === 'object' && told !== null && 'endpoint' in told) return String(told.endpoint);
  throw new Error('the router did not tell its endpoint');
}

/**
 * Waits for heartbeats of an agent that says nothing else: the first, a second after the handshake, tells the router
 * how long to wait for the next, and has arrived when a second one is on the line.
 */
async function heartbeats({ passed }: BreakableLine): Promise<void> {
  const before = passed();
  await expect.poll(passed).toBeGreaterThanOrEqual(before + 2);
}

test('mesh notices that an agent was killed sooner than that another one stands still', async () => {
  const { mesh, record, until } = await openRecordedRouter({ clock, ids, agents: [A, B] });
  onTestFinished(() => mesh.stop());
  const line = await breakableLine(mesh.dataEndpoint);
  onTestFinished(() => line.cut());
  const [killed, stopped] = await Promise.all([
    start('agent', 'a', mesh.dataEndpoint),
    start('agent', 'b', line.endpoint),
  ]);
  await until(({ opened }) => opened.length === 2);
  await heartbeats(line);
  stopped.child.kill('SIGSTOP');
  killed.child.kill('SIGKILL');
  await until(({ closed }) => closed.length === 2);
  expect(record.closed).toMatchObject([
    { session: { agentId: A.agentId }, end: 'gone' },
    { session: { agentId: B.agentId }, end: 'gone' },
  ]);
});

test('mesh keeps its line to an agent when another one is killed', async () => {
  const { mesh, record, until } = await openRecordedRouter({ clock, ids, agents: [A, B] });
  onTestFinished(() => mesh.stop());
  const [first] = await Promise.all([
    start('agent', 'a', mesh.dataEndpoint),
    start('agent', 'b', mesh.dataEndpoint),
  ]);
  await until(({ opened }) => opened.length === 2);
  first.child.kill('SIGKILL');
  await until(({ closed }) => closed.length > 0);
  expect(record.closed).toMatchObject([{ session: { agentId: A.agentId }, end: 'gone' }]);
  expect(mesh.send(mesh.sessionOf(B.agentId)?.name ?? '', sampleFrame('credit'))).toBe('sent');
});

test('link notices by its heartbeats that a router stopped, and comes back', async () => {
  const { child, told } = await start('router', 'a');
  const { link, record, until } = openRecordedLink({ clock, ids, agent: A, endpoints: [endpointOf(told)] });
  onTestFinished(() => link.close());
  await until(({ welcomes }) => welcomes.length === 1);
  child.kill('SIGSTOP');
  await until(({ losses }) => losses.length === 1);
  expect(record.losses).toMatchObject([{ code: 'disconnected', welcomed: true }]);
  child.kill('SIGCONT');
  await until(({ welcomes }) => welcomes.length === 2);
  child.kill('SIGKILL');
  await until(({ losses }) => losses.filter(({ welcomed }) => welcomed).length === 2);
});

test('mesh and link notice that their line was cut', async () => {
  const router = await openRecordedRouter({ clock, ids, agents: [A] });
  onTestFinished(() => router.mesh.stop());
  const line = await breakableLine(router.mesh.dataEndpoint);
  const agent = openRecordedLink({ clock, ids, agent: A, endpoints: [line.endpoint] });
  onTestFinished(() => agent.link.close());
  await router.until(({ opened }) => opened.length === 1);
  await agent.until(({ welcomes }) => welcomes.length === 1);
  line.cut();
  await agent.until(({ losses }) => losses.length > 0);
  await router.until(({ closed }) => closed.length > 0);
  expect([agent.record.losses[0]?.code, router.record.closed[0]?.end]).toEqual(['disconnected', 'gone']);
});

test('mesh notices by its heartbeats that an agent stopped', async () => {
  const { mesh, record, until } = await openRecordedRouter({ clock, ids, agents: [A] });
  onTestFinished(() => mesh.stop());
  const line = await breakableLine(mesh.dataEndpoint);
  onTestFinished(() => line.cut());
  const { child } = await start('agent', 'a', line.endpoint);
  await heartbeats(line);
  child.kill('SIGSTOP');
  await until(({ closed }) => closed.length > 0);
  child.kill('SIGCONT');
  await until(({ opened }) => opened.length === 2);
  expect(record.closed).toMatchObject([{ end: 'gone' }]);
});
