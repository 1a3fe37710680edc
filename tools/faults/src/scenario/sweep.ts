import { crashAgent, crashRouter } from './crash-faults.ts';
import { AGENT_POINTS, ROUTER_POINTS, type ReachedPoint } from './crash-points.ts';
import { breakOnce, experiment, type ExperimentOptions, type Report } from './experiment.ts';
import type { World } from './world.ts';

interface SweepOptions extends ExperimentOptions {
  /** Part of the names of the points to sweep. */
  readonly only?: string | undefined;
}

type Crash = (world: World, at: ReachedPoint) => Promise<boolean>;

const crashFirstAgent: Crash = async (world, at) => {
  const [agent] = world.mesh.agents;
  return agent ? crashAgent(world, agent, at) : false;
};

/** Has router and agent die at every point there is, one after another; one that is never reached is a mishap. */
export const runSweep = (options: SweepOptions): Promise<Report> =>
  experiment(options, async (running) => {
    const sweep = async (points: readonly ReachedPoint[], who: string, crash: Crash): Promise<void> => {
      for (const at of points.filter(({ point }) => point.includes(options.only ?? ''))) {
        const { point } = at;
        let reached = false;
        const run = async (world: World): Promise<void> => void (reached = await crash(world, at));
        await breakOnce(running, { id: `${who} ${point}`, weight: 1, run });
        if (!reached) running.mishaps.push(`the ${who} did not come to ${point}`);
      }
    };
    await sweep(ROUTER_POINTS, 'router', crashRouter);
    await sweep(AGENT_POINTS, 'agent', crashFirstAgent);
  });
