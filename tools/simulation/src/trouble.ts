import { operate, resumeAll } from './operators.ts';
import type { SimulatedWorld } from './world.ts';

/** Something that goes wrong, or right again. */
type Trouble = (world: SimulatedWorld) => void;

const restartRouter: Trouble = ({ router }) => {
  if (router.services()) router.kill();
  else void router.start();
};

const armRouter: Trouble = ({ router, dice }) =>
  router.crashAt({ transactions: dice.between(1, 12), side: dice.pick(['before', 'after']) });

const flipAgent: Trouble = ({ agents, dice }) => {
  const agent = dice.pick(agents);
  if (agent.isRunning()) agent.kill();
  else agent.start();
};

const cutLines: Trouble = ({ network }) => network.cut();

const badWeather: Trouble = ({ network, dice }) =>
  network.setFaults({
    drop: dice.pick([0, 0, 0.02, 0.1]),
    duplicate: dice.pick([0, 0.05, 0.3]),
    reorder: dice.pick([0, 0.1, 0.3]),
    delayMs: dice.between(1, 50),
    jitterMs: dice.pick([0, 10, 400, 3000]),
  });

/** Router and agents come back by themselves, as a supervisor brings them back. */
const supervise: Trouble = ({ router, agents }) => {
  if (!router.isRunning()) void router.start();
  for (const agent of agents) if (!agent.isRunning() && agent.gaveUp() === null) agent.start();
};

/** What may happen at each step, as often as it stands here. */
const TROUBLES: readonly Trouble[] = [
  restartRouter,
  armRouter,
  flipAgent,
  flipAgent,
  cutLines,
  badWeather,
  badWeather,
  operate,
  operate,
  supervise,
  supervise,
  supervise,
];

/** Lets one thing happen. */
export const makeTrouble = (world: SimulatedWorld): void => world.dice.pick(TROUBLES)(world);

/** Mends everything: what is down comes up, and the network is as it should be. */
export function heal(world: SimulatedWorld): void {
  world.network.setFaults({ drop: 0, duplicate: 0, reorder: 0, delayMs: 1, jitterMs: 0 });
  supervise(world);
  resumeAll(world);
}
