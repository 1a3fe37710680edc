import { cpSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalVerification } from '@xem/protocol';
import { linked } from '../check/chain.ts';
import { readEntries } from '../evidence/read-router.ts';
import { ask } from '../harness/api.ts';
import type { Program } from '../harness/program.ts';
import { startRouter } from '../harness/router.ts';
import type { Chance } from '../seed.ts';
import { experiment, type ExperimentOptions, type Report } from './experiment.ts';
import type { World } from './world.ts';

const LOAD_MS = 10_000;
const COPIES = 25;
const PORTS = { http: 0, data: 0, enroll: 0 };
const START_MS = 20_000;

/** What a router makes of a spoilt copy: it will not start, or it starts and says what it thinks of each journal. */
type Outcome = 'refuses to start' | 'unavailable' | 'verifies' | 'finds it bad';

/** A way to spoil a copy of the database. */
interface Spoiling {
  readonly id: string;
  readonly spoil: (file: string, chance: Chance) => void;
}

const flip = (file: string, at: number, bit: number): void => {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(file, bytes);
};

/** Finds a place in the text of a journal entry, which is where a flip must be seen. */
function inEntry(file: string, chance: Chance): number {
  const bytes = readFileSync(file);
  const from = chance.int(bytes.length);
  const mark = bytes.indexOf('"workspace_id"', from);
  return mark === -1 ? chance.int(bytes.length) : mark + chance.int(40);
}

const SPOILINGS: readonly Spoiling[] = [
  {
    id: 'spoil.bit',
    spoil: (file, chance) => flip(file, chance.int(statSync(file).size), chance.int(8)),
  },
  { id: 'spoil.entry', spoil: (file, chance) => flip(file, inEntry(file, chance), chance.int(7)) },
  {
    id: 'spoil.log',
    spoil: (file, chance) => truncateSync(`${file}-wal`, chance.int(statSync(`${file}-wal`).size)),
  },
];

/** The ids of what is done to copies. */
export const SPOIL_IDS = SPOILINGS.map(({ id }) => id);

async function end(program: Program): Promise<void> {
  program.signal('SIGKILL');
  await program.ended;
}

/** Asks a router over a copy what it thinks of a project's journal. @throws Error when it says `internal` */
async function verdictOf({ mesh }: World, http: number, key: string): Promise<Outcome> {
  const deadline = (ms: number): AbortSignal => {
    const controller = new AbortController();
    mesh.clock.after(ms, () => controller.abort(new Error('no answer')));
    return controller.signal;
  };
  const path = '/v1/exec/journal/verify';
  const { status, body } = await ask(deadline, `http://127.0.0.1:${http}`, {
    path,
    key,
    timeoutMs: START_MS,
  });
  if (status === 503) return 'unavailable';
  if (status !== 200) throw new Error(`the check of a spoilt journal answered ${status}`);
  const { ok, first_bad_seq } = JournalVerification.parse(body);
  if (!ok && first_bad_seq === null) throw new Error('a journal is bad, and it is not said where');
  return ok ? 'verifies' : 'finds it bad';
}

/** Whether the independent checker can read a copy's journal, and finds its chains good. */
function isGood(dataDir: string): boolean {
  try {
    return linked({ entries: readEntries(dataDir) }).length === 0;
  } catch {
    return false;
  }
}

/** What a router makes of the journals of both projects, the worse of the two. */
async function verdict(world: World, http: number): Promise<Outcome> {
  const found: Outcome[] = [];
  for (const { humans } of world.mesh.tenants) found.push(await verdictOf(world, http, humans[0]));
  return found.find((one) => one !== 'verifies') ?? 'verifies';
}

async function judgeCopy(world: World, dir: string): Promise<Outcome> {
  const { mesh } = world;
  const { program, ports } = startRouter(dir, { ports: PORTS });
  try {
    const isLate = mesh.clock.sleep(START_MS).then(() => null);
    const taken = await Promise.race([ports.catch(() => 'refused' as const), isLate]);
    if (taken === null) throw new Error('a router over a spoilt copy neither starts nor ends');
    if (taken === 'refused') return 'refuses to start';
    return await verdict(world, taken.http);
  } finally {
    await end(program);
  }
}

/** Copies the data folder as a crash left it, spoils the copy, and has a router start over it. */
async function spoilOnce(world: World, { id, spoil }: Spoiling, nth: number): Promise<Outcome> {
  const dir = join(world.mesh.dir, `${id}-${nth}`);
  const dataDir = join(dir, 'router');
  mkdirSync(dir, { mode: 0o700 });
  cpSync(world.mesh.dataDir, dataDir, { recursive: true });
  const file = join(dataDir, 'xem.db');
  spoil(file, world.chance);
  const outcome = await judgeCopy(world, dir);
  if (outcome === 'verifies' && !isGood(dataDir))
    throw new Error(`${dir}: the router finds a journal good that is not`);
  return outcome;
}

/** Spoils copies of a database that was left by a crash under load: it is never silently wrong, nor an internal error. */
export const runSpoil = (options: ExperimentOptions): Promise<Report> =>
  experiment(options, async ({ world, faults, mishaps, say }) => {
    const { mesh } = world;
    await mesh.clock.sleep(LOAD_MS);
    mesh.router().signal('SIGKILL');
    await mesh.router().ended;
    for (const spoiling of SPOILINGS) {
      const outcomes: Record<string, number> = {};
      for (let nth = 0; nth < COPIES; nth += 1) {
        const outcome = await spoilOnce(world, spoiling, nth).catch((err: unknown) => {
          mishaps.push(`${spoiling.id} ${nth}: ${err instanceof Error ? err.message : String(err)}`);
          return 'fails';
        });
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }
      faults[spoiling.id] = COPIES;
      say(`${spoiling.id}: ${JSON.stringify(outcomes)}`);
    }
    await mesh.startRouter();
  });
