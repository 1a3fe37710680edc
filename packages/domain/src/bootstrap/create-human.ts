import { SCOPES, type PrincipalId, type ProjectId } from '@xem/protocol';
import { RATE_DEFAULT } from '../api-key/mint.ts';
import type { WriteServices } from '../context.ts';
import type { ProjectDraft } from '../project/create.ts';
import { enlist } from './enlist.ts';
import { foundProject } from './found-project.ts';
import { issueKey } from './issue-key.ts';

/** A human, and the key they begin with; its value is shown here and nowhere else. */
export interface NewHuman {
  readonly project_id: ProjectId;
  readonly principal_id: PrincipalId;
  readonly key: string;
}

/** Makes a human who may do everything, decide too, and their project when it is new. Only the router's host does. */
export async function createHuman(
  services: WriteServices,
  { project: draft, name }: { readonly project: ProjectDraft; readonly name: string },
): Promise<NewHuman> {
  const project = await foundProject(services, draft);
  const principal = await enlist(services, project, { kind: 'human', name, groups: [] });
  const rights = { scopes: SCOPES, canDecide: true, rate: RATE_DEFAULT };
  const key = await issueKey(services, project, { principal, name: `first key of ${name}`, ...rights });
  return { project_id: project.id, principal_id: principal.id, key };
}
