import { existsSync, mkdirSync } from 'node:fs';
import { AGENT_SETTINGS } from '@xem/protocol';
import type { AgentSettings } from '../settings.ts';
import { BootError } from './boot-error.ts';

const OWNER_ONLY = 0o700;

type Folder = 'state_dir' | 'tools_dir' | 'credentials_dir';

function make(settings: AgentSettings, name: Folder): void {
  const path = settings[name];
  try {
    mkdirSync(path, { recursive: true, mode: OWNER_ONLY });
  } catch (err) {
    const why = err instanceof Error && 'code' in err ? String(err.code) : 'it is not to be made';
    const message = `The folder ${path} cannot be made (${why}). Give another one with --${AGENT_SETTINGS[name].flag}, or run the agent as a user who may make it.`;
    throw new BootError('folder', message, { cause: err });
  }
}

/** Where nobody chose a folder an empty one is as good as none; one that somebody named must be there. */
const isDefault = (settings: AgentSettings, name: Exclude<Folder, 'state_dir'>): boolean =>
  settings[name] === AGENT_SETTINGS[name].schema.parse(undefined);

/** Makes the folders of a first start: the state folder, and those of tools and credentials where nobody named any. @throws BootError `folder` */
export function prepareFolders(settings: AgentSettings): void {
  make(settings, 'state_dir');
  for (const name of ['tools_dir', 'credentials_dir'] as const) {
    if (isDefault(settings, name) && !existsSync(settings[name])) make(settings, name);
  }
}
