import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { administer, type Ending } from '../admin/administer.ts';
import { runCommand } from '../command/run-command.ts';
import { routerKeys } from '../keys.ts';
import { systemClock, systemIds } from '@xem/runtime';

/** A router's data folder on its host, and the commands that look after it. */
export interface DataFolder {
  /** A folder of the test, removed at its end. */
  readonly place: string;
  readonly dataDir: string;
  readonly run: (...line: readonly string[]) => Promise<Ending>;
}

/** Makes a data folder with the people of a local mesh in it, and keys. */
export async function dataFolder(): Promise<DataFolder> {
  const place = mkdtempSync(join(tmpdir(), 'xem-folder-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const dataDir = join(place, 'router');
  const env = { XEM_DATA_DIR: dataDir, XEM_HTTP_PORT: '0', XEM_DATA_PORT: '0', XEM_ENROLL_PORT: '0' };
  await administer(['seed-dev'], env);
  routerKeys(dataDir, systemIds(systemClock()));
  const run: DataFolder['run'] = async (...line) => {
    const ending = await runCommand(line, env);
    if (!ending) throw new Error(`there is no command ${line[0]}`);
    return ending;
  };
  return { place, dataDir, run };
}
