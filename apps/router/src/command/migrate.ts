import { join } from 'node:path';
import {
  inspectStore,
  lockDataFolder,
  NewerSchemaError,
  openSqliteStore,
  type SchemaLevel,
} from '@xem/store';
import { makeBackup } from './backup/make-backup.ts';
import { done, type Command, type CommandContext } from './command.ts';

function levelOf(dataDir: string): SchemaLevel {
  const inspection = inspectStore(dataDir);
  if (!inspection) throw new Error(`there is no database in ${dataDir}`);
  const { schema } = inspection;
  inspection.close();
  if (schema.isNewer)
    throw new NewerSchemaError(
      `the database in ${dataDir} was written by a newer version; nothing was changed`,
    );
  return schema;
}

/** Whoever has the folder must not be in the middle of something. */
function assertFree(dataDir: string): void {
  lockDataFolder(dataDir)();
}

async function bringUp({ settings, ambient, flags }: CommandContext): Promise<string> {
  const { data_dir: dataDir } = settings;
  assertFree(dataDir);
  const target = join(dataDir, `before-migration-${ambient.clock.now()}`);
  if (flags['no-backup'] !== true) await makeBackup({ dataDir, target, hasKeys: true, clock: ambient.clock });
  const store = await openSqliteStore({ dataDir, ...ambient });
  await store.close();
  return flags['no-backup'] === true ? '' : ` A backup of before is in ${target}.`;
}

/** Brings a database to this version, as the start of a router does too. */
export const migrate: Command = {
  usage: 'migrate [--check] [--no-backup]',
  says: 'Brings the database to this version, with a backup before; --check only says whether it is needed, by 1.',
  flags: { check: 'boolean', 'no-backup': 'boolean' },
  run: async (ctx) => {
    const { pending, known } = levelOf(ctx.settings.data_dir);
    if (pending === 0) return done(`The database is of this version: ${known} migrations.\n`);
    if (ctx.flags['check'] === true) return done(`${pending} of ${known} migrations are needed.\n`, 1);
    const where = await bringUp(ctx);
    return done(`${pending} migrations were made.${where}\n`);
  },
};
