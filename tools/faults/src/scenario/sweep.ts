import { AGENT_POINTS, crashAgent, crashRouter, ROUTER_POINTS } from './crash-faults.ts';
import { breakOnce, experiment, type ExperimentOptions, type Report } from './experiment.ts';
import type { World } from './world.ts';

interface SweepOptions extends ExperimentOptions {
  /** Part of the names of the points to sweep. */
  readonly only?: string | undefined;
}

type Crash = (world: World, point: string) => Promise<boolean>;

const crashFirstAgent: Crash = async (world, point) => {
  const [agent] = world.mesh.agents;
  return agent ? crashAgent(world, agent, point) : false;
};

/** Has router and agent die at every point there is, one after another; one that is never reached is a mishap. */
export const runSweep = (options: SweepOptions): Promise<Report> =>
  experiment(options, async (running) => {
    const sweep = async (points: readonly string[], who: string, crash: Crash): Promise<void> => {
      for (const point of points.filter((name) => name.includes(options.only ?? ''))) {
        let reached = false;
        const run = async (world: World): Promise<void> => void (reached = await crash(world, point));
        await breakOnce(running, { id: `${who} ${point}`, weight: 1, run });
        if (!reached) running.mishaps.push(`the ${who} did not come to ${point}`);
      }
    };
    await sweep(ROUTER_POINTS, 'router', crashRouter);
    await sweep(AGENT_POINTS, 'agent', crashFirstAgent);
  });
