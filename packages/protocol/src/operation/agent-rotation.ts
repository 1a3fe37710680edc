import { z } from 'zod';
import { Agent } from '../entity/agent.ts';
import { AgentId } from '../id.ts';
import { operation } from './operation.ts';

export const rotateAgentCurve = operation({
  id: 'agent.curve_rotate',
  method: 'POST',
  path: '/management/agents/:id/curve-rotate',
  scope: 'management',
  summary: 'Ask an agent for a new CURVE key',
  answers: 'json',
  input: z.strictObject({ id: AgentId }),
  output: Agent,
  errors: ['agent_not_found', 'invalid_state'],
});
