import { z } from 'zod';
import { Agent } from '../entity/agent.ts';
import { Reason } from '../entity/invocation.ts';
import { JournalEntry } from '../entity/journal-entry.ts';
import { AgentId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

const changeStanding = {
  method: 'POST',
  scope: 'management',
  answers: 'json',
  input: z.strictObject({ id: AgentId, reason: Reason.optional() }),
  output: Agent,
  errors: ['agent_not_found', 'invalid_state'],
} as const;

export const pauseAgent = operation({
  ...changeStanding,
  id: 'agent.pause',
  path: '/management/agents/:id/pause',
  summary: 'Give an agent no new work; what it runs goes on',
});

export const resumeAgent = operation({
  ...changeStanding,
  id: 'agent.resume',
  path: '/management/agents/:id/resume',
  summary: 'Give an agent work again',
});

export const updateAgent = operation({
  ...changeStanding,
  id: 'agent.update',
  method: 'PATCH',
  path: '/management/agents/:id',
  summary: 'Change what is kept of an agent; null takes its region away',
  input: z.strictObject({ id: AgentId, region: z.string().min(1).max(64).nullable() }),
});

export const listAgentEvents = operation({
  id: 'agent.events',
  method: 'GET',
  path: '/management/agents/:id/events',
  scope: 'any',
  summary: 'List the journal entries about an agent, newest first',
  answers: 'json',
  input: z.strictObject({ id: AgentId, ...PageQuery.shape }),
  output: pageOf(JournalEntry, 'AgentEventList'),
  errors: ['agent_not_found'],
});
