import type { Workspace } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { AgentRecord, PolicyRecord, Reader, WorkspaceRecord } from '@xem/store';
import { policyInForce } from '../policy/rules.ts';
import { concurrencyOf, presentConcurrency } from './concurrency.ts';

interface Surroundings {
  readonly agents: readonly AgentRecord[];
  readonly policy: PolicyRecord;
}

const present = (row: WorkspaceRecord, { agents, policy }: Surroundings): Workspace => ({
  object: 'workspace',
  id: row.id,
  project_id: row.projectId,
  name: row.name,
  type: row.type,
  model: row.model,
  paused: row.paused,
  concurrency: presentConcurrency(concurrencyOf(row)),
  agents: agents.map(({ id, registrationName, status }) => ({
    id,
    registration_name: registrationName,
    status,
  })),
  policy: { id: policy.id, name: policy.name, version: policy.version },
  created_at: toTimestamp(row.createdAt),
});

/** A workspace as it travels, with the agents bound to it and the policy in force. */
export async function presentWorkspace(
  { workspaces, policies }: Pick<Reader, 'workspaces' | 'policies'>,
  row: WorkspaceRecord,
): Promise<Workspace> {
  const agents = await workspaces.agentsOf(row.id);
  const policy = await policyInForce(policies, { projectId: row.projectId, workspaceId: row.id });
  return present(row, { agents, policy });
}
