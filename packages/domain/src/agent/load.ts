import { ExecError } from '@xem/errors';
import type { AgentId } from '@xem/protocol';
import type { AgentReader, AgentRecord } from '@xem/store';
import type { Origin } from '../context.ts';

/** The row of an agent of the project. @throws ExecError agent_not_found, another project's id too */
export async function loadAgent(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: AgentReader,
  id: AgentId,
): Promise<AgentRecord> {
  const row = await rows.get(projectId, id);
  if (row) return row;
  throw new ExecError('agent_not_found', `the project has no agent ${id}`);
}
