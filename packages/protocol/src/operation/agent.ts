import { z } from 'zod';
import { Agent } from '../entity/agent.ts';
import { AgentConnectivity, AgentEnvironment, AgentManifest } from '../entity/manifest.ts';
import { AgentId, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { AGENT_STATUSES } from '../state/agent.ts';
import { operation } from './operation.ts';

const readAgent = { method: 'GET', scope: 'execution', answers: 'json' } as const;
const ById = z.strictObject({ id: AgentId });

export const listAgents = operation({
  ...readAgent,
  id: 'agent.list',
  path: '/exec/agents',
  summary: 'List agents, newest first',
  input: z.strictObject({
    ...PageQuery.shape,
    status: z.enum(AGENT_STATUSES).optional(),
    workspace_id: WorkspaceId.optional(),
  }),
  output: pageOf(Agent, 'AgentList'),
  errors: [],
});

export const getAgent = operation({
  ...readAgent,
  id: 'agent.get',
  path: '/exec/agents/:id',
  summary: 'Read an agent',
  input: ById,
  output: Agent,
  errors: ['agent_not_found'],
});

export const getAgentManifest = operation({
  ...readAgent,
  id: 'agent.manifest',
  path: '/exec/agents/:id/manifest',
  summary: 'Read the manifest an agent published last',
  input: ById,
  output: AgentManifest,
  errors: ['agent_not_found'],
});

export const getAgentEnvironment = operation({
  ...readAgent,
  id: 'agent.environment',
  path: '/exec/agents/:id/environment',
  summary: 'Read what an agent told of its host',
  input: ById,
  output: AgentEnvironment,
  errors: ['agent_not_found'],
});

export const getAgentConnectivity = operation({
  ...readAgent,
  id: 'agent.connectivity',
  path: '/exec/agents/:id/connectivity',
  summary: 'Read how an agent is connected',
  input: ById,
  output: AgentConnectivity,
  errors: ['agent_not_found'],
});
