import { ExecError } from '@xem/errors';
import { joinKeyUseMachine, type AgentId } from '@xem/protocol';
import type { AgentRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { Governed, VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { isAdmitted } from './admitted.ts';
import { forgetLeft, leave, type Departure } from './leave.ts';
import { loadAgent } from './load.ts';

interface PuttingOut {
  readonly operation: Governed;
  readonly id: AgentId;
  readonly departure: Departure;
  /** What else changes of its row. @throws ExecError invalid_state */
  readonly change?: (row: AgentRecord) => AgentRecord;
}

/** An agent that never said hello would be forgotten with its use, and with it what was decided over its keys. */
async function spendUse(tx: WriteTx, id: AgentId): Promise<void> {
  const use = await tx.joinKeys.reservedBy(id);
  if (!use) return;
  const { status } = advance(joinKeyUseMachine, { id: use.joinKeyId, status: use.status }, 'confirm');
  await tx.joinKeys.saveUse({ ...use, status });
}

/** What is decided over the keys of an agent that came back with them is decided over the agent it is now. */
async function assertNotBack(tx: WriteTx, { id, status, curveKey }: AgentRecord): Promise<void> {
  const holder = status === 'evicted' ? await tx.agents.byCurveKey(curveKey) : null;
  if (!holder || holder.id === id || !isAdmitted(holder)) return;
  throw new ExecError('invalid_state', `agent ${id} is evicted, and its keys are those of ${holder.id} now`);
}

/**
 * Puts an agent out at the word of a person: the store first, then memory. Its session ends with the commit, and what it
 * ran is given up like that of any agent that is lost. @throws ExecError agent_not_found, invalid_state
 */
export const putOut = (
  ctx: VerbContext,
  { operation, id, departure, change }: PuttingOut,
): Promise<AgentRecord> =>
  mutate(ctx, operation, async (tx) => {
    const row = await loadAgent(ctx, tx.agents, id);
    await assertNotBack(tx, row);
    await spendUse(tx, id);
    const estate = await leave(ctx, tx, { agent: change?.(row) ?? row, departure });
    return {
      result: await loadAgent(ctx, tx.agents, id),
      facts: estate.facts,
      committed: () => forgetLeft(ctx, [estate]),
    };
  });
