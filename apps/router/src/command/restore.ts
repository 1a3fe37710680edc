import { resolve } from 'node:path';
import { restoreBackup, type Restored } from './backup/restore-backup.ts';
import { done, onlyWord, type Command } from './command.ts';

const storyOf = ({ manifest, callsEnded, movedTo }: Restored, dataDir: string): string => {
  const lines = [
    `${dataDir} is as it was at ${manifest.made_at}; its journal holds.`,
    ...(movedTo === null ? [] : [`What was there is in ${movedTo}.`]),
    `${callsEnded} calls that waited then may have run since, and were ended.`,
    'What was acknowledged after the backup is lost. Look through what was done since:',
    '- keys that were revoked, and agents that were banned or evicted, are in their old standing again;',
    '- agents that enrolled since, or changed their key, have to enrol again.',
    'Signed heads that the settings keep outside of the folder know of more than there is: put that file away first.',
    ...(manifest.keys ? [] : ['The backup holds no keys: put them back, or every agent has to enrol again.']),
  ];
  return `${lines.join('\n')}\n`;
};

/** Puts a backup into a data folder. */
export const restore: Command = {
  usage: 'restore FOLDER [--force] [--json]',
  says: 'Puts a backup into an empty data folder; --force moves aside what is in it.',
  flags: { force: 'boolean', json: 'boolean' },
  run: async (ctx) => {
    const source = resolve(onlyWord(ctx, 'folder of a backup'));
    const { settings, ambient, crash, flags } = ctx;
    const dataDir = resolve(settings.data_dir);
    const restored = await restoreBackup({
      source,
      dataDir,
      isForced: flags['force'] === true,
      ambient,
      crash,
    });
    if (flags['json'] !== true) return done(storyOf(restored, dataDir));
    const { manifest, callsEnded: calls_ended, movedTo: moved_to } = restored;
    return done(
      `${JSON.stringify({ data_dir: dataDir, made_at: manifest.made_at, calls_ended, moved_to })}\n`,
    );
  },
};
