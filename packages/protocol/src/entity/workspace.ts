import { z } from 'zod';
import { AgentId, PolicyId, ProjectId, RegistrationName, Timestamp, WorkspaceId } from '../id.ts';
import { AGENT_STATUSES } from '../state/agent.ts';
import { Pause } from './agent.ts';
import { PrincipalRef } from './principal.ts';

/** The target of invocations: a cluster, a tenant, a group of hosts. */
export const Workspace = z
  .object({
    object: z.literal('workspace'),
    id: WorkspaceId,
    project_id: ProjectId,
    name: z.string(),
    type: z.string().nullable(),
    model: z.string().nullable(),
    paused: Pause.nullable(),
    agents: z.array(
      z.object({ id: AgentId, registration_name: RegistrationName, status: z.enum(AGENT_STATUSES) }),
    ),
    policy: z.object({ id: PolicyId, name: z.string(), version: z.int().min(1) }),
    created_at: Timestamp,
  })
  .meta({ id: 'Workspace' });
export type Workspace = z.infer<typeof Workspace>;

/** That an agent may serve a workspace. */
export const WorkspaceBinding = z
  .object({
    object: z.literal('workspace_binding'),
    workspace_id: WorkspaceId,
    agent_id: AgentId,
    created_by: PrincipalRef,
    created_at: Timestamp,
  })
  .meta({ id: 'WorkspaceBinding' });
export type WorkspaceBinding = z.infer<typeof WorkspaceBinding>;
