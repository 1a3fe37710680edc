import type { Invocation } from '@xem/protocol';
import { cancel, create, look, type Caller } from '../load/caller.ts';
import { approving, approvingByLink, breakingGlass, rejecting, type Act } from '../load/deciders.ts';
import { experiment, type ExperimentOptions, type Report } from './experiment.ts';
import type { World } from './world.ts';

interface RaceOptions extends Omit<ExperimentOptions, 'quiet'> {
  /** How often two of a kind meet. */
  readonly pairs: number;
}

/** Gets ready to decide over a call; what it answers does it. */
type Party = (caller: Caller, call: Invocation) => Promise<Act>;

/** Those who want different things of one call at one moment. */
interface Race {
  readonly id: string;
  readonly parties: readonly Party[];
  /** How many of them may be told that they won. */
  readonly winners: readonly number[];
  /** How many pairs there are at a time. */
  readonly atOnce: number;
  /** They meet at the end of the approval, and not at once. */
  readonly atItsEnd?: true;
}

const AT_ONCE = 16;
const OVER_S = 20;

/** About the time that a decision takes. */
const APART_MS = 6;

const RACES: readonly Race[] = [
  { id: 'race.approve-approve', parties: [approving(0), approving(1)], winners: [1], atOnce: AT_ONCE },
  { id: 'race.approve-reject', parties: [approving(0), rejecting], winners: [1], atOnce: AT_ONCE },
  {
    id: 'race.approve-cancel',
    parties: [approving(0), async (caller, call) => () => cancel(caller, call.id)],
    // A cancel that comes second ends what was approved.
    winners: [1, 2],
    atOnce: AT_ONCE,
  },
  {
    id: 'race.approve-expire',
    parties: [approving(0)],
    winners: [0, 1],
    // They spend their time waiting for the end.
    atOnce: 10 * AT_ONCE,
    atItsEnd: true,
  },
  { id: 'race.link-approve', parties: [approvingByLink, approving(0)], winners: [1], atOnce: AT_ONCE },
  { id: 'race.glass-reject', parties: [breakingGlass, rejecting], winners: [1], atOnce: AT_ONCE },
];

/** The ids of the races. */
export const RACE_IDS = RACES.map(({ id }) => id);

/** What one meeting came to: who won, by their places, and how the call ended. */
interface Meeting {
  readonly won: string;
  readonly ended: string;
}

const hasWon = (status: number | null): boolean => status !== null && status < 300;

/** From a little before an approval's end to a little after it. */
const aroundTheEnd = ({ mesh, chance }: World, { approval }: Invocation): number =>
  Date.parse(approval?.expires_at ?? '') - mesh.clock.now() - 100 + chance.int(120);

/** Lets all of them act within some milliseconds, in an order that chance decides; answers who won, by their places. */
async function actAtOnce({ mesh, chance }: World, acts: readonly Act[]): Promise<readonly boolean[]> {
  const delays = acts.map(() => chance.int(APART_MS));
  const statuses = await Promise.all(
    acts.map(async (act, at) => {
      await mesh.clock.sleep(delays[at] ?? 0);
      return act();
    }),
  );
  return statuses.map(hasWon);
}

async function meet(world: World, race: Race): Promise<Meeting> {
  const { load, chance, mesh } = world;
  const [caller] = load.callers;
  const idempotencyKey = chance.bytes(12).toString('hex');
  const call = await create(caller, { tool: 'demo_effect', args: { race: race.id }, idempotencyKey });
  if (call === null) throw new Error(`${race.id}: a call was not taken`);
  const acts = await Promise.all(race.parties.map((party) => party(caller, call)));
  if (race.atItsEnd) await mesh.clock.sleep(Math.max(0, aroundTheEnd(world, call)));
  const won = await actAtOnce(world, acts);
  const end = await look(caller, call.id, OVER_S);
  const count = won.filter(Boolean).length;
  if (!race.winners.includes(count)) throw new Error(`${race.id}: ${count} won the call ${call.id}`);
  return { won: won.map((each) => (each ? 'won' : 'lost')).join('/'), ended: end?.status ?? 'nobody knows' };
}

/** Runs one race so often, some of it at a time, and counts what came of it. */
async function run(world: World, race: Race, pairs: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < pairs) {
      begun += 1;
      const { won, ended } = await meet(world, race);
      const outcome = `${won} ${ended}`;
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(race.atOnce, pairs) }, lane));
  return counts;
}

/** Calls of the workspace may take effect beside one another: the races are about decisions. */
async function letEffectsOverlap({ mesh }: World): Promise<void> {
  const [{ workspace, humans }] = mesh.tenants;
  const body = { concurrency: { exclusive_destructive: false } };
  const path = `/v1/workspaces/${workspace}`;
  const { status } = await mesh.call({ method: 'PATCH', path, key: humans[0], body });
  if (status !== 200) throw new Error(`the workspace was not changed: ${status}`);
}

/** Has two decide over one call at one moment, over and over: exactly one of them is told that it did. */
export const runRaces = (options: RaceOptions): Promise<Report> =>
  experiment({ ...options, quiet: true }, async ({ world, faults, mishaps, say }) => {
    await letEffectsOverlap(world);
    for (const race of RACES) {
      const startedAt = world.mesh.clock.monotonic();
      try {
        const counts = await run(world, race, options.pairs);
        const seconds = Math.round((world.mesh.clock.monotonic() - startedAt) / 1000);
        say(`${race.id}: ${JSON.stringify(counts)} in ${seconds} s`);
      } catch (err) {
        mishaps.push(err instanceof Error ? err.message : String(err));
      }
      faults[race.id] = options.pairs;
    }
  });
