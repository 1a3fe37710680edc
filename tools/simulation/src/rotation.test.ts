import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agent as agents } from '@xem/domain';
import { curvePairFromSecret } from '@xem/mesh';
import { rotateAgentCurve } from '@xem/protocol';
import { expect, test } from 'vitest';
import { enrolAll } from './simulate.ts';
import { openWorld, type SimulatedWorld } from './world.ts';

/** Frames take 1 ms; a change of keys takes 12 of them, and the connections that belong to it some more. */
const MOMENTS_MS = Array.from({ length: 24 }, (_, index) => index);
const DOWN_MS = 20;
const SETTLED_MS = 12_000;
const STEP_MS = 500;

/** Something that stops a change of keys on its way, so many milliseconds after it began. */
interface Break {
  readonly name: string;
  /** Before it begins. */
  readonly arm?: (world: SimulatedWorld) => void;
  readonly atMs: number;
  readonly hit?: (world: SimulatedWorld) => void;
}

const killAgent = (world: SimulatedWorld): void => world.agents[0]?.kill();
const killRouter = ({ router }: SimulatedWorld): void => router.kill();
const cutLine = ({ network }: SimulatedWorld): void => network.cut();

const AT_MOMENTS: readonly Break[] = MOMENTS_MS.flatMap((atMs) => [
  { name: `the agent is killed after ${atMs} ms`, atMs, hit: killAgent },
  { name: `the router is killed after ${atMs} ms`, atMs, hit: killRouter },
  { name: `the line is cut after ${atMs} ms`, atMs, hit: cutLine },
  {
    name: `both are killed after ${atMs} ms`,
    atMs,
    hit: (world: SimulatedWorld) => {
      killAgent(world);
      killRouter(world);
    },
  },
]);

const AT_COMMITS: readonly Break[] = [1, 2, 3, 4].flatMap((transactions) =>
  (['before', 'after'] as const).map((side) => ({
    name: `the router dies ${side} commit ${transactions}`,
    atMs: 40,
    arm: ({ router }: SimulatedWorld) => router.crashAt({ transactions, side }),
  })),
);

const rowOf = async ({ store, people }: SimulatedWorld) => {
  const [row] = await store.read.agents.list(people.project_id, {}, { limit: 1 });
  if (!row) throw new Error('the agent is not there');
  return row;
};

/** The public half of the key that the agent has in its file. */
function keyOnDisk({ agents: [one] }: SimulatedWorld): string {
  const path = join(one?.stateDir ?? '', 'agent-curve-key.hex');
  return curvePairFromSecret(Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')).publicKey;
}

const hasNext = ({ agents: [one] }: SimulatedWorld): boolean =>
  existsSync(join(one?.stateDir ?? '', 'agent-curve-key.hex.next'));

/** Asks for a new key as an operator does; an operator whose router dies hears nothing. */
async function ask({ router, people }: SimulatedWorld, id: string): Promise<void> {
  const ctx = await router.as(people.keys.operator);
  await agents.curveRotate(ctx, rotateAgentCurve.input.parse({ id }));
}

async function play(world: SimulatedWorld, { arm, atMs, hit }: Break): Promise<void> {
  const { clock, router, agents: seats } = world;
  const { id } = await rowOf(world);
  arm?.(world);
  ask(world, id).catch(() => undefined);
  await clock.advance(atMs);
  hit?.(world);
  for (let waited = 0; waited < SETTLED_MS; waited += STEP_MS) {
    await clock.advance(DOWN_MS);
    if (!router.services()) void router.start();
    if (!seats[0]?.isRunning()) seats[0]?.start();
    await clock.advance(STEP_MS - DOWN_MS);
  }
}

async function stateOf(world: SimulatedWorld) {
  const { id, status, rotation, curveKey } = await rowOf(world);
  const session = world.router.services()?.fleet.find(id)?.session;
  return {
    status,
    rotation,
    isConnected: typeof session === 'string',
    isKeyOnDisk: keyOnDisk(world) === curveKey,
    hasNext: hasNext(world),
    gaveUp: world.agents[0]?.gaveUp(),
  };
}

test('a change of keys ends well wherever it is broken', { timeout: 120_000 }, async () => {
  const world = await openWorld('rotation', 1);
  try {
    await enrolAll('rotation', world);
    const good = { status: 'online', rotation: null, isConnected: true, isKeyOnDisk: true };
    const keys = new Set<string>();
    for (const one of [...AT_COMMITS, ...AT_MOMENTS]) {
      await play(world, one);
      expect({ [one.name]: await stateOf(world) }).toEqual({
        [one.name]: { ...good, hasNext: false, gaveUp: null },
      });
      keys.add(keyOnDisk(world));
    }
    // Only a break before the very first commit leaves nothing to finish.
    expect(keys.size).toBeGreaterThan(AT_MOMENTS.length);
  } finally {
    await world.close();
  }
});
