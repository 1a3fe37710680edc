import { ExecError } from '@xem/errors';
import { SCOPES, type PrincipalId, type ProjectId } from '@xem/protocol';
import type { PrincipalRecord, ProjectRecord } from '@xem/store';
import { RATE_DEFAULT } from '../api-key/mint.ts';
import type { WriteServices } from '../context.ts';
import type { ProjectDraft } from '../project/create.ts';
import { enlist } from './enlist.ts';
import { foundProject } from './found-project.ts';
import { issueKey } from './issue-key.ts';

/** A human, and a key of theirs; its value is shown here and nowhere else. */
export interface KeyedHuman {
  readonly project_id: ProjectId;
  readonly principal_id: PrincipalId;
  readonly key: string;
}

const RIGHTS = { scopes: SCOPES, canDecide: true, rate: RATE_DEFAULT };

async function humanNamed(
  { store }: WriteServices,
  { id }: ProjectRecord,
  name: string,
): Promise<PrincipalRecord | null> {
  const [found] = await store.read.access.principals(id, { kind: 'human', name }, { limit: 1 });
  return found ?? null;
}

async function keyed(
  services: WriteServices,
  project: ProjectRecord,
  { principal, keyName }: { readonly principal: PrincipalRecord; readonly keyName: string },
): Promise<KeyedHuman> {
  const key = await issueKey(services, project, { principal, name: keyName, ...RIGHTS });
  return { project_id: project.id, principal_id: principal.id, key };
}

/**
 * Makes a human who may do everything, decide too, and their project when it is new. Only the router's host does.
 * @throws ExecError invalid_state when the project has a human of that name: nobody becomes two
 */
export async function createHuman(
  services: WriteServices,
  { project: draft, name }: { readonly project: ProjectDraft; readonly name: string },
): Promise<KeyedHuman> {
  const project = await foundProject(services, draft);
  const twin = await humanNamed(services, project, name);
  if (twin) {
    const message = `the project ${project.slug} has a human ${name}, ${twin.id}; a new key for them comes from mint-key`;
    throw new ExecError('invalid_state', message);
  }
  const principal = await enlist(services, project, { kind: 'human', name, groups: [] });
  return keyed(services, project, { principal, keyName: `first key of ${name}` });
}

/**
 * Mints a key for a human who has none that is good: whoever has the router's host has everything.
 * @throws ExecError principal_not_found, invalid_state when they are disabled
 */
export async function mintKeyFor(
  services: WriteServices,
  { slug, name }: { readonly slug: string; readonly name: string },
): Promise<KeyedHuman> {
  const project = await services.store.read.access.projectBySlug(slug);
  const principal = project && (await humanNamed(services, project, name));
  if (!project || !principal)
    throw new ExecError('principal_not_found', `there is no human ${name} in a project ${slug}`);
  if (principal.disabled) throw new ExecError('invalid_state', `${name} is disabled`);
  return keyed(services, project, { principal, keyName: `key of ${name} from the host` });
}
