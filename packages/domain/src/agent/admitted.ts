import { ExecError } from '@xem/errors';
import { AGENT_ADMITTED, type AgentId } from '@xem/protocol';
import type { AgentReader, AgentRecord } from '@xem/store';
import type { Origin } from '../context.ts';
import { loadAgent } from './load.ts';

/** Whether an agent may still connect with its keys: it was neither banned, nor evicted, nor replaced. */
export const isAdmitted = ({ status }: Pick<AgentRecord, 'status'>): boolean => AGENT_ADMITTED.has(status);

/** The row of an agent of the project that may still connect. @throws ExecError agent_not_found, invalid_state */
export async function loadAdmitted(
  ctx: Pick<Origin, 'projectId'>,
  rows: AgentReader,
  id: AgentId,
): Promise<AgentRecord> {
  const agent = await loadAgent(ctx, rows, id);
  if (!isAdmitted(agent)) throw new ExecError('invalid_state', `agent ${id} is ${agent.status}`);
  return agent;
}
