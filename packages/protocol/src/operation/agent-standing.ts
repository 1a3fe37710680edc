import { z } from 'zod';
import { deletionOf } from '../deletion.ts';
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

export const evictAgent = operation({
  ...changeStanding,
  id: 'agent.evict',
  path: '/management/agents/:id/evict',
  summary: 'Put an agent out; with a new join key its host may come back as a new agent',
});

export const banAgent = operation({
  ...changeStanding,
  id: 'agent.ban',
  path: '/management/agents/:id/ban',
  summary: 'Put an agent out for good: its keys may never enrol again',
});

export const revokeAgentCredentials = operation({
  ...changeStanding,
  id: 'agent.revoke_credentials',
  path: '/management/agents/:id/revoke-credentials',
  summary: 'Put an agent out whose keys may be known to others; its host may come back with new ones',
});

export const deleteAgent = operation({
  ...changeStanding,
  id: 'agent.delete',
  method: 'DELETE',
  path: '/management/agents/:id',
  summary: 'Retire an agent; its name is free, and history keeps it',
  input: z.strictObject({ id: AgentId }),
  output: deletionOf('agent', AgentId),
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
