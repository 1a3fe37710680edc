import { curveFingerprint } from '@xem/mesh/fingerprint';
import type { AgentId } from '@xem/protocol';
import type { AgentRecord, CurveRotation, WriteTx } from '@xem/store';
import { internalOperation, type ProjectContext } from '../context.ts';
import { mutate, type Change } from '../mutate.ts';
import { isAdmitted } from './admitted.ts';
import { agentFact } from './facts.ts';
import { dropRotation, isRotationOverdue } from './rotation.ts';

const admitKey = internalOperation('agent.admit_next_key');

/** A key that an agent made when it was asked to; its signature is right. */
export interface NextKey {
  readonly agentId: AgentId;
  readonly rotationId: string;
  /** Z85. */
  readonly curveKey: string;
}

/**
 * `admitted` = the agent may come with it; `stale` = nobody waits for this answer any more; `taken` = the key is or
 * was somebody's already, and the change of keys is given up.
 */
export type KeyAdmission = 'admitted' | 'stale' | 'taken';

type Rotating = AgentRecord & { readonly rotation: CurveRotation };

const isRotating = (agent: AgentRecord | null, { rotationId }: NextKey, now: number): agent is Rotating =>
  agent?.rotation?.id === rotationId && isAdmitted(agent) && !isRotationOverdue(agent.rotation, now);

async function admit(tx: WriteTx, agent: Rotating, curveKey: string): Promise<Change<KeyAdmission>> {
  const { id, rotation } = agent;
  if (rotation.curveKey === curveKey) return { result: 'admitted', facts: [] };
  if (await tx.agents.byCurveKey(curveKey)) {
    const dropped = dropRotation(agent, 'the key belongs to an agent already');
    await tx.agents.save(dropped.agent);
    return { result: 'taken', facts: dropped.facts };
  }
  await tx.agents.save({ ...agent, rotation: { ...rotation, curveKey } });
  const data = { rotation_id: rotation.id, new_fingerprint: curveFingerprint(curveKey) };
  return { result: 'admitted', facts: [agentFact('agent.key_rotation_admitted', id, data)] };
}

/** Lets an agent come with its next key too. The same answer again changes nothing; another key takes its place. */
export const admitNextKey = (ctx: ProjectContext, next: NextKey): Promise<KeyAdmission> =>
  mutate<KeyAdmission>(ctx, admitKey, async (tx) => {
    const agent = await tx.agents.find(next.agentId);
    if (!isRotating(agent, next, ctx.clock.now())) return { result: 'stale', facts: [] };
    return admit(tx, agent, next.curveKey);
  });
