import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inspectStore, lockDataFolder } from '@xem/store';
import { done, type Command, type CommandContext } from './command.ts';
import { clock, integrity, journal, schema } from './doctor/database.ts';
import { fail, type Check, type Finding, type Patient } from './doctor/finding.ts';
import { files, folder, lock, space } from './doctor/folder.ts';
import { addresses, ports } from './doctor/network.ts';
import { policies } from './doctor/policies.ts';

/** In the order in which one is of use to the next. */
const CHECKS: Readonly<Record<string, Check>> = {
  folder,
  files,
  space,
  lock,
  schema,
  integrity,
  journal,
  policies,
  clock,
  ports,
  addresses,
};

/** Without a data folder these still can be looked at. */
const WITHOUT_FOLDER = { folder, ports, addresses };

function isTaken(dataDir: string): boolean {
  if (!existsSync(join(dataDir, 'router.lock'))) return false;
  try {
    lockDataFolder(dataDir)();
    return false;
  } catch {
    return true;
  }
}

async function look(patient: Patient): Promise<readonly Finding[]> {
  const checks = existsSync(patient.settings.data_dir)
    ? Object.entries(CHECKS)
    : Object.entries(WITHOUT_FOLDER);
  const found: Finding[] = [];
  for (const [name, check] of checks) {
    try {
      found.push(...(await check(patient)));
    } catch (err) {
      found.push(fail(name, `cannot be looked at: ${err instanceof Error ? err.message : String(err)}`));
    }
  }
  return found;
}

function openDatabase(dataDir: string): Pick<Patient, 'store'> & { readonly fault: readonly Finding[] } {
  try {
    return { store: inspectStore(dataDir), fault: [] };
  } catch (err) {
    const why = err instanceof Error ? err.message : String(err);
    return { store: null, fault: [fail('integrity', `the database cannot be opened: ${why}`)] };
  }
}

async function examine({ settings, ambient }: CommandContext): Promise<readonly Finding[]> {
  const { store, fault } = openDatabase(settings.data_dir);
  try {
    const isRunning = isTaken(settings.data_dir);
    return [...fault, ...(await look({ settings, ambient, isRunning, store }))];
  } finally {
    store?.close();
  }
}

const CHECK_WIDTH = 13;

const tableOf = (found: readonly Finding[]): string =>
  found
    .map(({ check, verdict, says }) => `${verdict.padEnd(5)} ${check.padEnd(CHECK_WIDTH)} ${says}\n`)
    .join('');

/** Looks at what a router needs, and changes nothing. Ends with 1 when something fails. */
export const doctor: Command = {
  usage: 'doctor [--json]',
  says: 'Looks at folder, database, journal, keys, ports, clock, disk and policies. A router may run meanwhile.',
  flags: { json: 'boolean' },
  run: async (ctx) => {
    const findings = await examine(ctx);
    const isWell = findings.every(({ verdict }) => verdict !== 'fail');
    const text =
      ctx.flags['json'] === true ? `${JSON.stringify({ ok: isWell, findings })}\n` : tableOf(findings);
    return done(text, isWell ? 0 : 1);
  },
};
