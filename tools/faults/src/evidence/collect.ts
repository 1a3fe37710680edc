import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from './evidence.ts';
import type { LedgerLine } from './ledger.ts';
import { readAgent, readEffects, readProcesses } from './read-agents.ts';
import { readRouter } from './read-router.ts';

/** Where evidence lies. */
export interface Sources {
  /** The folder of the whole mesh. */
  readonly dir: string;
  readonly routerDir: string;
  readonly agentDirs: readonly string[];
  readonly effectLog: string;
  readonly ledger: readonly LedgerLine[];
  readonly now: () => number;
  readonly graceMs: number;
}

/**
 * Collects the evidence of a mesh, which may run meanwhile: what is told first is read first, so that the router's
 * database, read last, is never behind what the others say of it.
 */
export function collect(sources: Sources): Evidence {
  const agentMemories = sources.agentDirs.flatMap((stateDir) => readAgent(stateDir) ?? []);
  const processes = readProcesses(sources.dir);
  const effects = readEffects(sources.effectLog);
  const ledger = [...sources.ledger];
  writeFileSync(
    join(sources.dir, 'ledger.jsonl'),
    ledger.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  const router = readRouter(sources.routerDir);
  return {
    ...router,
    agentMemories,
    processes,
    effects,
    ledger,
    // The router's clock may be ahead of ours.
    judgedAt: Math.max(sources.now(), ...router.entries.slice(-1).map(({ at }) => Date.parse(at))),
    graceMs: sources.graceMs,
  };
}
