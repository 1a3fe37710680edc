import type { Sample } from '../load/closed-loop.ts';
import type { LoadGenerator } from '../load/generator.ts';
import type { Plan } from './plan.ts';

/** A contestant that is slower than that is warm enough. */
const WARM_UP_MS_MAX = 20_000;

type Until = Omit<Parameters<LoadGenerator['measure']>[0], 'name'>;

/** What was measured of one contestant at a time. */
interface Measured extends Sample {
  /** Processor time of its processes for a call, in milliseconds; NaN when it is not known. */
  readonly processorMs: number;
}

/** What a peer and we did one right after the other. */
export interface Pair {
  readonly peer: Measured;
  readonly ours: Measured;
}

/** All rounds of one peer against us under one number of clients. */
export interface Match {
  readonly peer: string;
  readonly clients: number;
  readonly pairs: readonly Pair[];
}

interface Contest {
  readonly load: Pick<LoadGenerator, 'measure'>;
  readonly plan: Plan;
  readonly ours: string;
  readonly peers: readonly string[];
  /** The processor time a contestant has used so far, in milliseconds; NaN when it is not known. */
  readonly processorMs: (name: string) => number;
  /** Told of each round that begins. */
  readonly onRound: (round: number) => void;
}

/** Everything that was measured, and how many calls each contestant did altogether. */
export interface ContestResult {
  readonly matches: readonly Match[];
  readonly calls: ReadonlyMap<string, number>;
}

/**
 * Measures peer, us, next peer, us and so on, in as many rounds as planned, so that whatever else the machine does meets
 * both of a pair alike.
 */
export async function contest(context: Contest): Promise<ContestResult> {
  const { load, plan, ours, peers, processorMs, onRound } = context;
  const calls = new Map<string, number>();
  const measure = async (name: string, until: Until): Promise<Measured> => {
    const before = processorMs(name);
    const sample = await load.measure({ name, ...until });
    calls.set(name, (calls.get(name) ?? 0) + sample.calls);
    return { ...sample, processorMs: (processorMs(name) - before) / sample.calls };
  };
  const warmUp = { clients: Math.max(...plan.clients), ms: WARM_UP_MS_MAX, calls: plan.warmUpCalls };
  for (const name of [...peers, ours]) await measure(name, warmUp);
  const matches = plan.clients.flatMap((clients) =>
    peers.map((peer) => ({ peer, clients, pairs: new Array<Pair>() })),
  );
  for (let round = 1; round <= plan.rounds; round += 1) {
    onRound(round);
    for (const { peer, clients, pairs } of matches) {
      const until = { clients, ms: plan.measureMs };
      pairs.push({ peer: await measure(peer, until), ours: await measure(ours, until) });
    }
  }
  return { matches, calls };
}
