import type { OpenMaintenance, Workspace } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { AgentRecord, PolicyRecord, Reader, WorkspaceRecord } from '@xem/store';
import { presentOpen } from '../maintenance/present.ts';
import type { Services } from '../context.ts';
import { policyInForce } from '../policy/rules.ts';
import { concurrencyOf, presentConcurrency } from './concurrency.ts';

interface Surroundings {
  readonly agents: readonly AgentRecord[];
  readonly policy: PolicyRecord;
  readonly maintenance: readonly OpenMaintenance[];
}

const present = (row: WorkspaceRecord, { agents, policy, maintenance }: Surroundings): Workspace => ({
  object: 'workspace',
  id: row.id,
  project_id: row.projectId,
  name: row.name,
  type: row.type,
  model: row.model,
  paused: row.paused,
  maintenance: [...maintenance],
  concurrency: presentConcurrency(concurrencyOf(row)),
  agents: agents.map(({ id, registrationName, status }) => ({
    id,
    registration_name: registrationName,
    status,
  })),
  policy: { id: policy.id, name: policy.name, version: policy.version },
  created_at: toTimestamp(row.createdAt),
});

/** A workspace as it travels, with the agents bound to it, the policy in force and the windows that reach it. */
export async function presentWorkspace(
  { windows }: Pick<Services, 'windows'>,
  { workspaces, policies }: Pick<Reader, 'workspaces' | 'policies'>,
  row: WorkspaceRecord,
): Promise<Workspace> {
  const agents = await workspaces.agentsOf(row.id);
  const policy = await policyInForce(policies, { projectId: row.projectId, workspaceId: row.id });
  const maintenance = windows.reaching(row.projectId, row.id).map(presentOpen);
  return present(row, { agents, policy, maintenance });
}
