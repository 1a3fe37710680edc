import { join } from 'node:path';
import { collect } from '../evidence/collect.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { readRouter } from '../evidence/read-router.ts';
import { ENDED } from '../check/states.ts';
import type { Mesh } from '../harness/mesh.ts';
import { create, look, type Reachable } from '../load/caller.ts';
import { openLoad, type Load } from '../load/load.ts';
import type { Chance } from '../seed.ts';

/** What is judged of a mesh, wherever it runs. */
interface Judged extends Reachable {
  /** Folder of everything that the mesh leaves behind; its effect log is in there. */
  readonly dir: string;
  readonly dataDir: string;
  readonly agents: readonly { readonly stateDir: string }[];
}

/** A mesh that is judged, under load. */
export interface Trial {
  readonly mesh: Judged;
  readonly load: Load;
  readonly chance: Chance;
}

/** A mesh under load, and what the seed decides about it. */
export interface World {
  readonly mesh: Mesh;
  readonly load: Load;
  readonly chance: Chance;
  /** Tells whoever watches. */
  note(line: string): void;
}

/** A call may be open so long after its deadline: the router may have been down over it. */
const GRACE_MS = 15_000;
const PROBE_MS = 30_000;
const PROBE_PAUSE_MS = 50;
const DRAIN_MS = 90_000;
const DRAIN_PAUSE_MS = 250;

/** A world over a mesh; its callers wait to be started. */
export const openWorld = (mesh: Mesh, chance: Chance, note: World['note']): World => ({
  mesh,
  chance,
  note,
  load: openLoad(mesh, chance.fork('load')),
});

/** Collects the evidence as it stands. */
export const evidenceOf = ({ mesh, load }: Trial): Evidence =>
  collect({
    dir: mesh.dir,
    routerDir: mesh.dataDir,
    agentDirs: mesh.agents.map(({ stateDir }) => stateDir),
    effectLog: join(mesh.dir, 'effects.jsonl'),
    ledger: load.ledger,
    now: () => mesh.clock.now(),
    graceMs: GRACE_MS,
  });

/** Writes down how long it takes until both projects get new work done. */
export async function probe({ mesh, load, chance }: Trial, fault: string): Promise<void> {
  const startedAt = mesh.clock.monotonic();
  const done = load.callers.map(async (caller) => {
    const { project } = caller.tenant;
    for (let tookMs = 0; tookMs < PROBE_MS; tookMs = mesh.clock.monotonic() - startedAt) {
      const idempotencyKey = chance.bytes(12).toString('hex');
      const call = await create(caller, { tool: 'demo_noop', args: { probe: fault }, idempotencyKey }, 1);
      const end = call && (await look(caller, call.id, 2));
      const took_ms = Math.round(mesh.clock.monotonic() - startedAt);
      if (end?.status === 'completed')
        return load.ledger.push({ kind: 'healed', project, at: mesh.clock.now(), fault, took_ms });
      await mesh.clock.sleep(PROBE_PAUSE_MS);
    }
    return load.ledger.push({ kind: 'healed', project, at: mesh.clock.now(), fault, took_ms: null });
  });
  await Promise.all(done);
}

/** Whether something waits for its end; a router whose clock was put ahead gives up what was reserved in its next round. */
function isOpen({ mesh }: Trial): boolean {
  const { invocations, joinKeyUses, entries } = readRouter(mesh.dataDir);
  const now = Math.max(mesh.clock.now(), ...entries.slice(-1).map(({ at }) => Date.parse(at)));
  return (
    invocations.some(({ status }) => !ENDED.has(status)) ||
    joinKeyUses.some(({ status, lapses_at }) => status === 'reserved' && lapses_at < now)
  );
}

/** Waits until every call has ended and every use of a join key that nobody confirmed was given up, or is overdue. */
export async function drain(trial: Trial): Promise<void> {
  const { mesh, load } = trial;
  await load.stop();
  const startedAt = mesh.clock.monotonic();
  while (isOpen(trial) && mesh.clock.monotonic() - startedAt < DRAIN_MS)
    await mesh.clock.sleep(DRAIN_PAUSE_MS);
}
