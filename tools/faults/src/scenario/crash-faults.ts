import type { AgentSeat } from '../harness/agent.ts';
import type { Program } from '../harness/program.ts';
import { AGENT_POINTS, isLoaded, ROUTER_POINTS, type ReachedPoint } from './crash-points.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

const DEATH_MS = 20_000;
const PAUSE_MS = 50;

/** Comes to a point again and again, until it is told to stop. What breaks under it is what was wanted. */
async function insist(world: World, { provoke }: ReachedPoint, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await provoke(world).catch(() => undefined);
    await world.mesh.clock.sleep(PAUSE_MS);
  }
}

/** Waits until a process died at its point; ends it when it did not come there. True when it did. */
async function awaitDeath({ mesh }: World, program: Program): Promise<boolean> {
  const isDead = program.ended.then(() => true);
  const isLate = mesh.clock.sleep(DEATH_MS).then(() => false);
  const died = await Promise.race([isDead, isLate]);
  program.signal('SIGKILL');
  await program.ended;
  return died;
}

/** Starts the router so that it dies at a point, and again without. True when it came to that point. */
export async function crashRouter(world: World, at: ReachedPoint): Promise<boolean> {
  const { mesh } = world;
  mesh.router().signal('SIGTERM');
  await mesh.router().ended;
  const over = new AbortController();
  // It may die before it is ready.
  await mesh.startRouter({ XEM_CRASH_POINT: at.point }).catch(() => undefined);
  const insisting = insist(world, at, over.signal);
  const died = await awaitDeath(world, mesh.router());
  over.abort();
  await mesh.startRouter();
  await insisting;
  return died;
}

/** Starts an agent so that it dies at a point, and again without. True when it came to that point. */
export async function crashAgent(world: World, agent: AgentSeat, at: ReachedPoint): Promise<boolean> {
  agent.program().signal('SIGKILL');
  await agent.program().ended;
  const over = new AbortController();
  const program = agent.launch({ XEM_CRASH_POINT: at.point });
  const insisting = insist(world, at, over.signal);
  const died = await awaitDeath(world, program);
  over.abort();
  await agent.start();
  await insisting;
  return died;
}

function oneOf({ chance }: World, [first, ...others]: readonly ReachedPoint[]): ReachedPoint {
  if (!first) throw new Error('there are no points');
  return chance.pick([first, ...others]);
}

/** A point that the load comes to, at its first time or a later one. */
function loadedOf(world: World, points: readonly ReachedPoint[]): ReachedPoint {
  const { point, provoke } = oneOf(world, points.filter(isLoaded));
  return { point: `${point}#${1 + world.chance.int(3)}`, provoke };
}

const GOVERNED_POINTS = ROUTER_POINTS.filter((at) => !isLoaded(at));

/** Dying at a named point. */
export const CRASH_FAULTS: readonly Fault[] = [
  {
    id: 'router.crash-point',
    weight: 5,
    run: async (world) => void (await crashRouter(world, loadedOf(world, ROUTER_POINTS))),
  },
  {
    id: 'router.crash-governed',
    weight: 2,
    run: async (world) => void (await crashRouter(world, oneOf(world, GOVERNED_POINTS))),
  },
  {
    id: 'agent.crash-point',
    weight: 5,
    run: async (world) => {
      const [agent] = world.mesh.agents;
      if (agent) await crashAgent(world, agent, loadedOf(world, AGENT_POINTS));
    },
  },
];
