import { joinKeyUseMachine, type AgentId, type JoinKeyId } from '@xem/protocol';
import type { JoinKeyUseRecord } from '@xem/store';
import { advance } from '../advance.ts';
import { internalOperation, systemContext, type Services } from '../context.ts';
import { mutate } from '../mutate.ts';
import { useFact } from './facts.ts';
import { isOverdue } from './status.ts';

const lapseUse = internalOperation('join_key.lapse_use');

/** Uses that are read in one go. */
const BATCH = 100;

type Needs = Pick<Services, 'store' | 'clock' | 'ids' | 'catalogue' | 'pauses'>;

/** Gives up one use: the agent that never said hello goes, and its CURVE key is free again. */
async function lapse(services: Needs, { joinKeyId, agentId }: JoinKeyUseRecord): Promise<AgentId | null> {
  const key = await services.store.read.joinKeys.find(joinKeyId);
  if (!key) throw new Error(`a use of ${joinKeyId} has no join key`);
  return mutate(systemContext(services, key.projectId), lapseUse, async (tx) => {
    const use = await tx.joinKeys.reservedBy(agentId);
    if (!use || !isOverdue(use, services.clock.now())) return { result: null, facts: [] };
    const { status } = advance(joinKeyUseMachine, { id: joinKeyId, status: use.status }, 'lapse');
    await tx.joinKeys.saveUse({ ...use, status });
    await tx.agents.remove(agentId);
    return {
      result: agentId,
      facts: [useFact('join_key.lapsed', use, {})],
      committed: () => {
        services.catalogue.forget(agentId);
        services.pauses.set(agentId, null);
      },
    };
  });
}

async function lapseAll(services: Needs, uses: readonly JoinKeyUseRecord[]): Promise<readonly AgentId[]> {
  const gone: AgentId[] = [];
  for (const use of uses) {
    const agentId = await lapse(services, use);
    if (agentId) gone.push(agentId);
  }
  return gone;
}

/** Gives up the uses of every key that nobody confirmed in time. Answers the agents that are no longer admitted. */
export async function lapseUses(services: Needs): Promise<readonly AgentId[]> {
  const gone: AgentId[] = [];
  for (let isMore = true; isMore;) {
    const uses = await services.store.read.joinKeys.lapsed(services.clock.now(), BATCH);
    gone.push(...(await lapseAll(services, uses)));
    isMore = uses.length === BATCH;
  }
  return gone;
}

/** The same for one key, before it is used again. */
export async function lapseUsesOf(services: Needs, id: JoinKeyId): Promise<readonly AgentId[]> {
  const uses = await services.store.read.joinKeys.usesOf(id);
  const now = services.clock.now();
  return lapseAll(
    services,
    uses.filter((use) => isOverdue(use, now)),
  );
}
