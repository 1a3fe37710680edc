import type { Invocation } from '@xem/protocol';
import { cancel, create, decide, look, type Caller } from '../load/caller.ts';
import { experiment, type ExperimentOptions, type Report } from './experiment.ts';
import type { World } from './world.ts';

interface RaceOptions extends ExperimentOptions {
  /** How often two of a kind meet. */
  readonly pairs: number;
}

/** Two who want different things of one call at one moment; each answers the HTTP status it got. */
interface Race {
  readonly id: string;
  /** How long the call waits before they meet. */
  readonly afterMs: number;
  readonly run: (caller: Caller, call: Invocation) => Promise<readonly (number | null)[]>;
  /** How many of them may be told that they won. */
  readonly winners: readonly number[];
}

/** An approval of these meshes expires after this time. */
const EXPIRES_MS = 6000;
const BATCH = 20;

const RACES: readonly Race[] = [
  {
    id: 'race.approve-approve',
    afterMs: 0,
    winners: [1],
    run: (caller, call) => Promise.all([decide(caller, call, 'approve'), decide(caller, call, 'approve')]),
  },
  {
    id: 'race.approve-reject',
    afterMs: 0,
    winners: [1],
    run: (caller, call) => Promise.all([decide(caller, call, 'approve'), decide(caller, call, 'reject')]),
  },
  {
    // A cancel that comes second ends what was approved.
    id: 'race.approve-cancel',
    afterMs: 0,
    winners: [1, 2],
    run: (caller, call) => Promise.all([decide(caller, call, 'approve'), cancel(caller, call.id)]),
  },
  {
    id: 'race.approve-expire',
    afterMs: EXPIRES_MS - 100,
    winners: [0, 1],
    run: async (caller, call) => {
      await caller.mesh.clock.sleep(caller.ledger.length % 200);
      return [await decide(caller, call, 'approve')];
    },
  },
];

/** The ids of the races. */
export const RACE_IDS = RACES.map(({ id }) => id);

const hasWon = (status: number | null): boolean => status !== null && status < 300;

async function raceOnce({ load, chance, mesh }: World, race: Race): Promise<string | null> {
  const [caller] = load.callers;
  const idempotencyKey = chance.bytes(12).toString('hex');
  const call = await create(caller, { tool: 'demo_effect', args: { race: race.id }, idempotencyKey });
  if (call === null) return `${race.id}: a call was not taken`;
  await mesh.clock.sleep(race.afterMs);
  const won = (await race.run(caller, call)).filter(hasWon).length;
  await look(caller, call.id, 10);
  return race.winners.includes(won) ? null : `${race.id}: ${won} won the call ${call.id}`;
}

/** Has two decide over one call at one moment, over and over: exactly one of them is told that it did. */
export const runRaces = (options: RaceOptions): Promise<Report> =>
  experiment(options, async ({ world, faults, mishaps, say }) => {
    for (const race of RACES) {
      say(race.id);
      for (let done = 0; done < options.pairs; done += BATCH) {
        const batch = Array.from({ length: Math.min(BATCH, options.pairs - done) }, () =>
          raceOnce(world, race),
        );
        mishaps.push(...(await Promise.all(batch)).filter((says) => says !== null));
      }
      faults[race.id] = options.pairs;
    }
  });
