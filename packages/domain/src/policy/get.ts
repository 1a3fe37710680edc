import { ExecError } from '@xem/errors';
import type { getPolicy, ParsedInputOf, Policy, PolicyId } from '@xem/protocol';
import type { PolicyReader, PolicyRecord } from '@xem/store';
import type { ProjectContext, VerbContext } from '../context.ts';
import { describePolicies, presentPolicy } from './present.ts';
import { policyInForce } from './rules.ts';

const notFound = (says: string): ExecError => new ExecError('policy_not_found', says);

/** The newest version of a policy that is in force somewhere. @throws ExecError policy_not_found, a deleted one's id too */
export async function loadPolicy(
  { projectId }: Pick<ProjectContext, 'projectId'>,
  rows: PolicyReader,
  id: PolicyId,
): Promise<PolicyRecord> {
  const row = await rows.latest(projectId, id);
  if (!row) throw notFound(`the project has no approval policy ${id}`);
  if (row.retired) throw notFound(`approval policy ${id} was deleted; its versions can still be listed`);
  return row;
}

const ofProject = ({ projectId, store }: VerbContext): Promise<PolicyRecord> =>
  policyInForce(store.read.policies, { projectId, workspaceId: null });

/** Reads a policy, or an older version of it. @throws ExecError policy_not_found */
export async function get(ctx: VerbContext, input: ParsedInputOf<typeof getPolicy>): Promise<Policy> {
  const { policies, access } = ctx.store.read;
  const { version } = input;
  const id = input.id === 'default' ? (await ofProject(ctx)).id : input.id;
  if (version !== undefined) {
    const row = await policies.get(ctx.projectId, id, version);
    if (!row) throw notFound(`the project has no version ${version} of an approval policy ${id}`);
    return presentPolicy(row);
  }
  const row = await loadPolicy(ctx, policies, id);
  const [shown = presentPolicy(row)] = await describePolicies(ctx, access, [row]);
  return shown;
}
