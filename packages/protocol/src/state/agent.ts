import { defineMachine, target } from './machine.ts';

export const AGENT_STATUSES = ['online', 'offline', 'conflict', 'banned', 'evicted', 'retired'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/**
 * The standing of an agent. `paused` is a flag beside it, not a state, and so is that its keys were revoked: those of
 * an agent that was evicted before can be, too.
 */
export const agentMachine = defineMachine<AgentStatus>()({
  refusal: 'invalid_state',
  states: AGENT_STATUSES,
  arrows: {
    connect: { from: ['offline', 'online'], to: 'online' },
    lapse: { from: ['online'], to: 'offline' },
    clash: { from: ['online', 'offline'], to: 'conflict' },
    reconnect: { from: ['conflict'], to: 'conflict' },
    resolve: { from: ['conflict'], to: 'offline' },
    evict: { from: ['online', 'offline', 'conflict'], to: 'evicted' },
    revokeCredentials: { from: ['online', 'offline', 'conflict', 'evicted'], to: 'evicted' },
    ban: { from: ['online', 'offline', 'conflict', 'evicted'], to: 'banned' },
    retire: { from: ['online', 'offline', 'conflict'], to: 'retired' },
  },
});
export type AgentEvent = keyof typeof agentMachine.arrows;

/** The states in which an agent may connect with its keys. */
export const AGENT_ADMITTED: ReadonlySet<AgentStatus> = new Set(
  AGENT_STATUSES.filter((status) =>
    (['connect', 'reconnect'] as const).some((event) => target(agentMachine, status, event) !== null),
  ),
);
