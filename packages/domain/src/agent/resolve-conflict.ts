import { ExecError } from '@xem/errors';
import { resolveConflict as operation, type Agent, type ParsedInputOf } from '@xem/protocol';
import type { AgentRecord, WriteTx } from '@xem/store';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { rank, type Rivals } from './conflict.ts';
import { agentFact } from './facts.ts';
import { forgetLeft, leave } from './leave.ts';
import { loadAgent } from './load.ts';
import { presentAgent } from './present.ts';

async function rivalsOf(tx: WriteTx, agent: AgentRecord): Promise<Rivals> {
  const rival = agent.conflict && (await tx.agents.find(agent.conflict.with));
  if (agent.status === 'conflict' && rival) return rank(agent, rival);
  const message = `${agent.registrationName} is ${agent.status}: nobody contests its name`;
  throw new ExecError('invalid_state', message);
}

/**
 * Says which of two agents has a name. The other is evicted; the one that is kept is online or offline again, and
 * gets work at once. @throws ExecError agent_not_found, invalid_state, scope_insufficient for a service
 */
export async function resolveConflict(
  ctx: VerbContext,
  { id, keep }: ParsedInputOf<typeof operation>,
): Promise<Agent> {
  const kept = await mutate(ctx, operation, async (tx) => {
    assertHuman(ctx, 'resolves conflicts');
    const { incumbent, challenger } = await rivalsOf(tx, await loadAgent(ctx, tx.agents, id));
    const [stays, goes] = keep === 'incumbent' ? [incumbent, challenger] : [challenger, incumbent];
    const fact = agentFact('agent.evicted', goes.id, { because: 'conflict', kept: stays.id });
    const departure = { event: 'evict', fact } as const;
    const estate = await leave(ctx, tx, { agent: goes, departure });
    return { result: stays.id, facts: estate.facts, committed: () => forgetLeft(ctx, [estate]) };
  });
  return presentAgent(ctx, await loadAgent(ctx, ctx.store.read.agents, kept));
}
