import { HOUR_MS } from '@xem/protocol';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

const WRONG_MS = 3000;

const offset = (ms: number): NodeJS.ProcessEnv => ({ XEM_WALL_OFFSET_MS: `${ms}` });

/** Stops the router, and starts it when its clock is wrong; after a while its clock is right again. */
const routerClock =
  (ms: number) =>
  async ({ mesh }: World) => {
    for (const env of [offset(ms), {}]) {
      mesh.router().signal('SIGKILL');
      await mesh.router().ended;
      await mesh.startRouter(env);
      await mesh.clock.sleep(WRONG_MS);
    }
  };

/** The same with an agent. */
const agentClock =
  (ms: number) =>
  async ({ mesh }: World) => {
    const [agent] = mesh.agents;
    for (const env of [offset(ms), {}]) {
      agent?.program().signal('SIGKILL');
      await agent?.program().ended;
      await agent?.start(env);
      await mesh.clock.sleep(WRONG_MS);
    }
  };

/** Wall clocks that are an hour wrong. */
export const CLOCK_FAULTS: readonly Fault[] = [
  { id: 'clock.router-ahead', weight: 1, run: routerClock(HOUR_MS) },
  { id: 'clock.router-behind', weight: 1, run: routerClock(-HOUR_MS) },
  { id: 'clock.agent-ahead', weight: 1, run: agentClock(HOUR_MS) },
  { id: 'clock.agent-behind', weight: 1, run: agentClock(-HOUR_MS) },
];
