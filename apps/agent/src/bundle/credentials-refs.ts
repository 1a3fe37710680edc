import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WorkspaceId } from '@xem/protocol';
import { z } from 'zod';
import type { BundleProblem } from './bundle-error.ts';
import { CREDENTIALS_REF, REFS_FILE } from './credentials.ts';
import { readOwned } from './owned-file.ts';
import { parseYaml } from './yaml-file.ts';

/** Which credentials each workspace gets. */
export interface CredentialsRefs {
  /** The name of the file; null when there is none for the workspace. */
  find(workspaceId: string): string | null;
  readonly problems: readonly BundleProblem[];
}

/** Credentials of workspaces that have none of their own. */
const DEFAULT_REF = 'default';

/** `workspaces.yaml` of the folder: a name of a file for each workspace whose file has not its id as a name. */
const RefsFile = z.record(
  WorkspaceId,
  z
    .string()
    .refine(
      (ref) => CREDENTIALS_REF.test(ref) && ref !== REFS_FILE,
      'must be the name of a file of credentials',
    ),
);

interface RefsReading {
  readonly refs: Readonly<Record<string, string>>;
  readonly problems: readonly BundleProblem[];
}

function readRefs(dir: string): RefsReading {
  const file = join(dir, REFS_FILE);
  const owned = readOwned(file);
  if (owned === null) return { refs: {}, problems: [] };
  if ('why' in owned) return { refs: {}, problems: [{ file, line: null, field: '', message: owned.why }] };
  const read = parseYaml(file, owned.text, RefsFile);
  if (!read.ok) return { refs: {}, problems: read.problems };
  const absent = Object.entries(read.value).filter(([, ref]) => !existsSync(join(dir, ref)));
  const problems = absent.map(([id, ref]) =>
    read.locate({ at: [id], message: `there is no file ${ref} beside this one` }),
  );
  return { refs: read.value, problems };
}

/** Finds the credentials of a workspace: what `workspaces.yaml` names, the file of its id, the file `default`, none. */
export function readCredentialsRefs(dir: string): CredentialsRefs {
  const { refs, problems } = readRefs(dir);
  const known = new Map<string, string | null>();
  const look = (workspaceId: string): string | null =>
    refs[workspaceId] ?? [workspaceId, DEFAULT_REF].find((ref) => existsSync(join(dir, ref))) ?? null;
  return {
    find: (workspaceId) => {
      const ref = known.has(workspaceId) ? known.get(workspaceId) : look(workspaceId);
      known.set(workspaceId, ref ?? null);
      return ref ?? null;
    },
    problems,
  };
}
