import { resolve } from 'node:path';
import { makeBackup } from './backup/make-backup.ts';
import { done, onlyWord, type Command } from './command.ts';

/** Makes a backup, with a router running or not. */
export const backup: Command = {
  usage: 'backup FOLDER [--without-keys] [--json]',
  says: 'Makes a backup in a new folder. A router may run meanwhile.',
  flags: { 'without-keys': 'boolean', json: 'boolean' },
  run: async (ctx) => {
    const target = resolve(onlyWord(ctx, 'folder to make'));
    const { settings, ambient, flags } = ctx;
    const hasKeys = flags['without-keys'] !== true;
    const manifest = await makeBackup({ dataDir: settings.data_dir, target, hasKeys, clock: ambient.clock });
    if (flags['json'] === true) return done(`${JSON.stringify({ folder: target, ...manifest })}\n`);
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const keys = manifest.keys
      ? 'It holds the keys of the router: keep it as closed as the data folder.\n'
      : 'It holds no keys: restored without them, every agent has to enrol again.\n';
    return done(
      `${target}: ${manifest.files.length} files, ${bytes} bytes, as of ${manifest.made_at}\n${keys}`,
    );
  },
};
