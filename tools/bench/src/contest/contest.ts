import type { Sample } from '../load/closed-loop.ts';
import type { LoadGenerator } from '../load/generator.ts';
import type { Plan } from './plan.ts';

/** What a peer and we did one right after the other. */
export interface Pair {
  readonly peer: Sample;
  readonly ours: Sample;
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
export async function contest({ load, plan, ours, peers, onRound }: Contest): Promise<ContestResult> {
  const calls = new Map<string, number>();
  const measure = async (name: string, clients: number, ms = plan.measureMs): Promise<Sample> => {
    const sample = await load.measure({ name, clients, ms });
    calls.set(name, (calls.get(name) ?? 0) + sample.calls);
    return sample;
  };
  for (const name of [...peers, ours]) await measure(name, Math.max(...plan.clients), plan.warmUpMs);
  const matches = plan.clients.flatMap((clients) =>
    peers.map((peer) => ({ peer, clients, pairs: new Array<Pair>() })),
  );
  for (let round = 1; round <= plan.rounds; round += 1) {
    onRound(round);
    for (const { peer, clients, pairs } of matches) {
      pairs.push({ peer: await measure(peer, clients), ours: await measure(ours, clients) });
    }
  }
  return { matches, calls };
}
