import type { AgentSeat } from '../harness/agent.ts';
import type { Program } from '../harness/program.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

/** Entries that the load has written all the time. */
const ENTRIES = [
  'invocation.created',
  'invocation.queued',
  'invocation.dispatched',
  'invocation.started',
  'invocation.cancel_requested',
  'invocation.completed',
  'invocation.failed',
  'invocation.cancelled',
  'invocation.rejected',
  'execution.ended',
  'approval.requested',
  'approval.approved',
  'approval.rejected',
  'approval.expired',
  'approval.withdrawn',
  'agent.offline',
  'agent.online',
];

const ROUTER_FRAMES = ['challenge', 'welcome', 'lease_ack', 'dispatch', 'credit', 'result_ack', 'cancel'];
const AGENT_FRAMES = ['connect', 'hello', 'lease_renewal', 'accept', 'output', 'result'];
const TOOLS = ['demo_effect', 'demo_wipe', 'demo_echo', 'demo_sleep', 'demo_flood'];
const NOTES = ['accepted', 'ended', 'acknowledged'];

const around = (what: string, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`before-${what}:${name}`, `after-${what}:${name}`]);

/** The points at which a router can be made to die. */
export const ROUTER_POINTS = [...around('commit', ENTRIES), ...around('send', ROUTER_FRAMES)];

/** The points at which an agent can be made to die. */
export const AGENT_POINTS = [
  ...around('send', AGENT_FRAMES),
  ...around('spawn', TOOLS),
  ...TOOLS.map((tool) => `after-exit:${tool}`),
  ...around('note', NOTES),
];

const DEATH_MS = 20_000;

/** Long enough for every lease to end. */
const LEASE_MS = 4000;

/** Agents go and come back, where that is what a point is about. */
async function provoke({ mesh }: World, point: string): Promise<void> {
  if (!point.includes(':agent.')) return;
  for (const { line } of mesh.agents) line.hold();
  await mesh.clock.sleep(LEASE_MS);
  for (const { line } of mesh.agents) line.heal();
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
export async function crashRouter(world: World, point: string): Promise<boolean> {
  const { mesh } = world;
  mesh.router().signal('SIGTERM');
  await mesh.router().ended;
  // It may die before it is ready.
  await mesh.startRouter({ XEM_CRASH_POINT: point }).catch(() => undefined);
  const provoking = provoke(world, point);
  const died = await awaitDeath(world, mesh.router());
  await provoking;
  await mesh.startRouter();
  return died;
}

/** Starts an agent so that it dies at a point, and again without. True when it came to that point. */
export async function crashAgent(world: World, agent: AgentSeat, point: string): Promise<boolean> {
  agent.program().signal('SIGKILL');
  await agent.program().ended;
  const died = await awaitDeath(world, agent.launch({ XEM_CRASH_POINT: point }));
  await agent.start();
  return died;
}

const nth = ({ chance }: World, [first = '', ...others]: readonly string[]): string =>
  `${chance.pick([first, ...others])}#${1 + chance.int(3)}`;

/** Dying at a named point. */
export const CRASH_FAULTS: readonly Fault[] = [
  {
    id: 'router.crash-point',
    weight: 5,
    run: async (world) => void (await crashRouter(world, nth(world, ROUTER_POINTS))),
  },
  {
    id: 'agent.crash-point',
    weight: 5,
    run: async (world) => {
      const [agent] = world.mesh.agents;
      if (agent) await crashAgent(world, agent, nth(world, AGENT_POINTS));
    },
  },
];
