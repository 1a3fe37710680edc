import { hashJson, INVOCATION_TERMINAL } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { check } from './check.ts';
import type { Request } from './requests.ts';
import { heal, makeTrouble } from './trouble.ts';
import { openWorld, type SimulatedWorld } from './world.ts';

/** What came of one seed. */
export interface Verdict {
  readonly seed: string;
  readonly calls: number;
  readonly effects: number;
  /** A hash over what became of every call: two runs of a seed tell the same. */
  readonly story: string;
  /** What did not hold; empty when all did. */
  readonly broken: readonly string[];
}

const AGENTS = 2;
/** Virtual time by which every agent has enrolled. */
const ENROLMENT_MS = 120_000;
const STEPS = 40;
/** Virtual time that everything gets to come to its end once all is mended. */
const REST_MS = 240_000;
/** New work must go through this soon after everything is mended. */
const HEALED_MS = 10_000;

async function hasEnded({ store, people }: SimulatedWorld, { answer }: Request): Promise<boolean> {
  const row = answer && (await store.read.invocations.get(people.project_id, answer.id));
  return row !== null && INVOCATION_TERMINAL.has(row.status);
}

async function runTo(
  world: SimulatedWorld,
  limitMs: number,
  holds: () => Promise<boolean>,
): Promise<boolean> {
  const until = world.clock.now() + limitMs;
  while (!(await holds())) {
    if (world.clock.now() >= until) return false;
    await world.clock.advance(500);
  }
  return true;
}

async function stir(world: SimulatedWorld): Promise<void> {
  const { clock, dice, clients } = world;
  for (let step = 0; step < STEPS; step += 1) {
    for (let asks = dice.between(0, 2); asks > 0; asks -= 1) clients.ask();
    if (dice.chance(0.4)) clients.decide();
    if (dice.chance(0.1)) clients.cancel();
    if (dice.chance(0.2)) clients.askAgain();
    if (dice.chance(0.35)) makeTrouble(world);
    await clock.advance(dice.between(10, 1500));
  }
}

/** Mends everything and waits for the end of all calls; then asks for one more, which must go through. */
async function settle(world: SimulatedWorld): Promise<void> {
  const { clock, clients, dice, complaints } = world;
  heal(world);
  await clock.advance(5000);
  heal(world);
  const endsBy = clock.now() + REST_MS;
  const allEnded = async (): Promise<boolean> => {
    heal(world);
    clients.askAgain();
    clients.decideAll(dice.pick(['approve', 'reject']));
    const ended = await Promise.all(clients.requests.map((request) => hasEnded(world, request)));
    return ended.every(Boolean);
  };
  await runTo(world, endsBy - clock.now(), allEnded);
  const last = clients.ask('look');
  const isServed = await runTo(world, HEALED_MS, () => hasEnded(world, last));
  if (!isServed) complaints.push('new work did not go through after everything was mended');
  await clock.advance(3000);
}

/** What became of every call, and when its tool took effect. */
async function storyOf({ clients, store, people, agents }: SimulatedWorld): Promise<string> {
  const effects = agents
    .flatMap(({ host }) => host.effects)
    .map(({ args, attempt, at }) => ({ args, attempt, at }));
  const ends = clients.requests.map(async ({ key, tool, answer }) => {
    const row = answer && (await store.read.invocations.get(people.project_id, answer.id));
    return {
      key,
      tool,
      status: row?.status ?? null,
      attempt: row?.attempt ?? 0,
      code: row?.error?.code ?? null,
    };
  });
  return hashJson({ effects, ends: await Promise.all(ends) });
}

/**
 * Lets one agent after another become one. Keys are checked by threads of the machine, whose time is not the clock's: everything
 * is started anew at a set time after that, so that the story does not depend on it.
 */
export async function enrolAll(
  seed: string,
  { agents, router, clock, network }: SimulatedWorld,
): Promise<void> {
  const machine = systemClock();
  const storyBegins = clock.now() + ENROLMENT_MS;
  for (const agent of agents) {
    agent.start();
    while (!agent.isReady()) {
      await machine.sleep(1);
      await clock.advance(1);
    }
  }
  for (const agent of agents) agent.kill();
  router.kill();
  await clock.advance(storyBegins - clock.now());
  network.reseed(`${seed} story`);
  const started = router.start();
  await clock.advance(10);
  await started;
  for (const agent of agents) agent.start();
  await clock.advance(2000);
}

/** Plays one seed through: the same seed is the same story. */
export async function simulate(seed: string): Promise<Verdict> {
  const world = await openWorld(seed, AGENTS);
  try {
    await enrolAll(seed, world);
    await stir(world);
    await settle(world);
    const broken = await check(world);
    const effects = world.agents.flatMap(({ host }) => host.effects).length;
    return { seed, calls: world.clients.requests.length, effects, story: await storyOf(world), broken };
  } finally {
    await world.close();
  }
}
