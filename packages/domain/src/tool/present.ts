import type { AgentId, ToolDescriptor, ToolParameters } from '@xem/protocol';
import type { AgentReader } from '@xem/store';
import type { Services } from '../context.ts';
import { presentTool, standsFor, type ToolChoice, type ToolReach } from './row.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function exampleOf({ examples }: ToolParameters): ToolDescriptor['example'] {
  const first: unknown = Array.isArray(examples) ? examples[0] : undefined;
  return isObject(first) ? { args: first } : null;
}

async function describeAgents(rows: AgentReader, ids: readonly AgentId[]): Promise<ToolDescriptor['agents']> {
  const agents = await Promise.all(ids.map((id) => rows.find(id)));
  return agents.flatMap((agent) =>
    agent ? [{ id: agent.id, registration_name: agent.registrationName, status: agent.status }] : [],
  );
}

/** Everything there is to know of one definition of a tool. */
export async function presentDescriptor(
  services: Pick<Services, 'catalogue' | 'fleet' | 'store'>,
  reach: ToolReach,
  choice: ToolChoice,
): Promise<ToolDescriptor> {
  const { definition } = choice.variant;
  const agents = standsFor(services, choice.variant, reach.workspaceId);
  return {
    ...presentTool(services, reach, choice),
    parameters: definition.parameters,
    idempotent: definition.idempotent,
    output: definition.output,
    declared_risk: definition.risk,
    agents: await describeAgents(services.store.read.agents, agents),
    example: exampleOf(definition.parameters),
  };
}
