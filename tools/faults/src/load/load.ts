import type { LedgerLine } from '../evidence/ledger.ts';
import type { Chance } from '../seed.ts';
import type { Caller, Reachable, Tally } from './caller.ts';
import { runErrand } from './errand.ts';

/** Callers at work. */
export interface Load {
  readonly ledger: LedgerLine[];
  readonly tally: Readonly<Tally>;
  readonly callers: readonly [Caller, Caller];
  /** What went wrong in a caller that must not go wrong there, such as an answer that is no answer. */
  readonly mishaps: readonly string[];
  start(): void;
  /** No new errands; resolves when those under way have ended. */
  stop(): Promise<void>;
}

const WORKERS = 6;
const PAUSE_MS = 150;

/** Callers of both projects, who begin when they are told. */
export function openLoad(mesh: Reachable, chance: Chance): Load {
  const ledger: LedgerLine[] = [];
  const mishaps: string[] = [];
  const tally: Tally = { calls: 0, answers: 0, refusals: 0, silences: 0 };
  const [first, second] = mesh.tenants;
  const callers = [
    { mesh, ledger, tally, tenant: first },
    { mesh, ledger, tally, tenant: second },
  ] as const;
  const gate = { isOpen: false };
  let workers: Promise<void>[] = [];
  const work = async (own: Chance): Promise<void> => {
    while (gate.isOpen) {
      const [me, stranger] = own.often(0.75) ? callers : [callers[1], callers[0]];
      await runErrand({ me, stranger, chance: own, clock: mesh.clock }).catch((err: unknown) => {
        mishaps.push(err instanceof Error ? err.message : String(err));
      });
      await mesh.clock.sleep(own.int(PAUSE_MS));
    }
  };
  return {
    ledger,
    tally,
    callers,
    mishaps,
    start: () => {
      gate.isOpen = true;
      workers = Array.from({ length: WORKERS }, (_, at) => work(chance.fork(`worker ${at}`)));
    },
    stop: async () => {
      gate.isOpen = false;
      await Promise.all(workers);
    },
  };
}
