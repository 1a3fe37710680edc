import type { Direction, TcpProxy } from '../proxy/tcp-proxy.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

/** A line of the mesh: an agent's, or the callers'. */
function aLine({ mesh, chance }: World): TcpProxy {
  return chance.pick([mesh.line, ...mesh.agents.map((agent) => agent.line)]);
}

const aDirection = ({ chance }: World): Direction => chance.pick(['up', 'down']);

/** Breaks a line, waits, and heals it. */
const broken = (how: (line: TcpProxy, world: World) => void, msMax: number) => async (world: World) => {
  const line = aLine(world);
  how(line, world);
  await world.mesh.clock.sleep(1000 + world.chance.int(msMax));
  line.heal();
};

/** What can happen to lines. */
export const LINE_FAULTS: readonly Fault[] = [
  { id: 'line.partition', weight: 4, run: broken((line) => line.hold(), 8000) },
  { id: 'line.one-way', weight: 2, run: broken((line, world) => line.hold(aDirection(world)), 6000) },
  { id: 'line.half-open', weight: 2, run: broken((line, world) => line.halfOpen(aDirection(world)), 4000) },
  { id: 'line.slow', weight: 1, run: broken((line, { chance }) => line.delay(100 + chance.int(700)), 4000) },
  { id: 'line.reset', weight: 2, run: broken((line) => line.reset(), 200) },
  {
    // Each step of a handshake and of what follows begins at another byte.
    id: 'line.cut',
    weight: 3,
    run: async (world) => {
      const line = aLine(world);
      for (let round = 0; round < 4; round += 1) {
        line.cutAfter(world.chance.int(3000), aDirection(world));
        line.reset();
        await world.mesh.clock.sleep(300 + world.chance.int(700));
      }
      line.heal();
    },
  },
  {
    id: 'line.partition-all',
    weight: 1,
    run: async ({ mesh, chance }) => {
      for (const { line } of mesh.agents) line.hold();
      await mesh.clock.sleep(3000 + chance.int(6000));
      for (const { line } of mesh.agents) line.heal();
    },
  },
];
