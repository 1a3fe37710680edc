import { lstatSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { isKeyFile } from '../backup/contents.ts';
import { fail, ok, skip, warn, type Check, type Finding } from './finding.ts';

const FOR_OTHERS = 0o077;
const SPACE_LEAST_BYTES = 64 * 1024 * 1024;
const SPACE_WARN_BYTES = 1024 * 1024 * 1024;

const inOctal = (mode: number): string => (mode & 0o777).toString(8).padStart(4, '0');

/** The folder is there, its owner's alone, and the owner is who runs this. */
export const folder: Check = ({ settings: { data_dir: dataDir } }) => {
  const found = lstatSync(dataDir, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return [fail('data folder', `${dataDir} is not there; a router makes it`)];
  const mine = process.getuid?.() ?? found.uid;
  if (found.uid !== mine)
    return [
      warn(
        'data folder',
        `${dataDir} belongs to user ${found.uid}, and this runs as ${mine}: run it as the router`,
      ),
    ];
  if ((found.mode & FOR_OTHERS) !== 0)
    return [warn('data folder', `${dataDir} has mode ${inOctal(found.mode)}: chmod 700`)];
  return [ok('data folder', `${dataDir}, mode ${inOctal(found.mode)}`)];
};

/** No file of the folder can be read by others. */
export const files: Check = ({ settings: { data_dir: dataDir } }) => {
  const names = readdirSync(dataDir, { withFileTypes: true }).filter((entry) => entry.isFile());
  const open = names.flatMap(({ name }): readonly Finding[] => {
    const { mode } = lstatSync(join(dataDir, name), { throwIfNoEntry: false }) ?? { mode: 0 };
    if ((mode & FOR_OTHERS) === 0 || name.startsWith('router.lock')) return [];
    const says = `${name} has mode ${inOctal(mode)}: chmod 600`;
    return [isKeyFile(name) ? fail('files', `${says}; the router refuses it`) : warn('files', says)];
  });
  if (open.length > 0) return open;
  const keys = names.filter(({ name }) => isKeyFile(name)).length;
  if (keys === 0) return [warn('files', 'there are no keys: a router makes them, and no agent knows them')];
  return [ok('files', `${names.length} files are their owner’s alone, ${keys} of them keys`)];
};

/** There is room to write. */
export const space: Check = ({ settings: { data_dir: dataDir } }) => {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  const says = `${Math.floor(free / 1024 / 1024)} MiB are free`;
  if (free < SPACE_LEAST_BYTES) return [fail('disk', `${says}: the router will refuse writes`)];
  return [free < SPACE_WARN_BYTES ? warn('disk', says) : ok('disk', says)];
};

/** Who has the folder. */
export const lock: Check = ({ isRunning }) => [
  isRunning ? ok('router', 'a router has the data folder') : skip('router', 'no router has the data folder'),
];
