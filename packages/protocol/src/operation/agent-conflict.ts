import { z } from 'zod';
import { Agent } from '../entity/agent.ts';
import { AgentId } from '../id.ts';
import { operation } from './operation.ts';

export const resolveConflict = operation({
  id: 'agent.resolve_conflict',
  method: 'POST',
  path: '/management/agents/:id/resolve-conflict',
  scope: 'management',
  summary: 'Say which of two agents has a name, and evict the other; humans only',
  answers: 'json',
  input: z.strictObject({ id: AgentId, keep: z.enum(['incumbent', 'challenger']) }),
  output: Agent,
  errors: ['agent_not_found', 'invalid_state'],
});
