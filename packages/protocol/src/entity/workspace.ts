import { z } from 'zod';
import { AgentId, PolicyId, ProjectId, RegistrationName, Timestamp, ToolName, WorkspaceId } from '../id.ts';
import { AGENT_STATUSES } from '../state/agent.ts';
import { Pause } from './agent.ts';
import { OpenMaintenance } from './maintenance.ts';
import { PrincipalRef } from './principal.ts';

const CallLimit = z.int().min(1).max(10_000);

/** How many calls run in a workspace at once. */
export const Concurrency = z
  .object({
    max: CallLimit.nullable().meta({ description: 'All tools together; null is no limit' }),
    per_tool: z.record(ToolName, CallLimit).meta({ description: 'By the name of the tool' }),
    exclusive_destructive: z.boolean().meta({
      description:
        'A destructive or irreversible call keeps every other of its kind out while it is under way',
    }),
  })
  .meta({ id: 'Concurrency' });
export type Concurrency = z.infer<typeof Concurrency>;

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
    maintenance: z.array(OpenMaintenance).meta({ description: 'Windows in progress that reach it' }),
    concurrency: Concurrency,
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
