import type { AgentSeat } from '../harness/agent.ts';
import type { Program } from '../harness/program.ts';
import { readProcesses } from '../evidence/read-agents.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

const anAgent = ({ mesh, chance }: World): AgentSeat => {
  const [first, ...others] = mesh.agents;
  if (!first) throw new Error('the mesh has no agents');
  return chance.pick([first, ...others]);
};

async function kill(program: Program): Promise<void> {
  program.signal('SIGKILL');
  await program.ended;
}

async function killRouter({ mesh, chance }: World): Promise<void> {
  await mesh.clock.sleep(chance.int(400));
  await kill(mesh.router());
  await mesh.clock.sleep(chance.int(1500));
  await mesh.startRouter();
}

async function killAgent(world: World): Promise<void> {
  const { mesh, chance } = world;
  const agent = anAgent(world);
  await mesh.clock.sleep(chance.int(400));
  await kill(agent.program());
  // Sometimes longer than its lease and the grace, so that it comes back to calls that were given up.
  await mesh.clock.sleep(chance.int(chance.often(0.3) ? 8000 : 1000));
  await agent.start();
}

async function killTools(world: World): Promise<void> {
  const { mesh, chance } = world;
  for (let round = 0; round < 5; round += 1) {
    for (const { pid } of readProcesses(mesh.dir)) killHard(pid);
    await mesh.clock.sleep(chance.int(300));
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Stops a process past its lease and lets it go on as if nothing had been. */
async function freeze({ mesh }: World, program: Program, ms: number): Promise<void> {
  program.signal('SIGSTOP');
  await mesh.clock.sleep(ms);
  program.signal('SIGCONT');
}

const LEASE_MS = 3000;
const GRACE_MS = 3000;

/** What can happen to processes. */
export const PROCESS_FAULTS: readonly Fault[] = [
  { id: 'router.kill', weight: 4, run: killRouter },
  {
    id: 'router.stop',
    weight: 1,
    run: async ({ mesh }) => {
      mesh.router().signal('SIGTERM');
      await mesh.router().ended;
      await mesh.startRouter();
    },
  },
  {
    id: 'router.freeze',
    weight: 2,
    run: (world) => freeze(world, world.mesh.router(), LEASE_MS + world.chance.int(3000)),
  },
  { id: 'agent.kill', weight: 4, run: killAgent },
  {
    id: 'agent.freeze',
    weight: 2,
    run: (world) => freeze(world, anAgent(world).program(), LEASE_MS + world.chance.int(2 * GRACE_MS)),
  },
  {
    id: 'agent.restart',
    weight: 1,
    run: async (world) => {
      const agent = anAgent(world);
      agent.program().signal('SIGTERM');
      await agent.program().ended;
      await agent.start();
    },
  },
  { id: 'tool.kill', weight: 1, run: killTools },
  {
    id: 'both.kill',
    weight: 2,
    run: async (world) => {
      const agent = anAgent(world);
      await Promise.all([kill(world.mesh.router()), kill(agent.program())]);
      const ready = agent.launch().ready;
      await world.mesh.startRouter();
      await ready;
    },
  },
];
