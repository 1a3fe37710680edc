import { ExecError } from '@xem/errors';
import { curveFingerprint } from '@xem/mesh/fingerprint';
import { CURVE_ROTATION_MS } from '@xem/protocol';
import type { AgentRecord, CurveRotation } from '@xem/store';
import type { Fact } from '../mutate.ts';
import { agentFact } from './facts.ts';

/** Whether the time of a change of keys is over. */
export const isRotationOverdue = ({ startedAt }: CurveRotation, now: number): boolean =>
  now - startedAt >= CURVE_ROTATION_MS;

/** Whether an agent can be asked for a new CURVE key: it is there to make one, and not at it already. */
export const mayRotate = ({ status, rotation }: Pick<AgentRecord, 'status' | 'rotation'>): boolean =>
  status === 'online' && rotation === null;

/** The CURVE keys an agent may come with (Z85): two once it has named the next one. */
export const curveKeysOf = ({
  curveKey,
  rotation,
}: Pick<AgentRecord, 'curveKey' | 'rotation'>): readonly string[] =>
  rotation?.curveKey ? [curveKey, rotation.curveKey] : [curveKey];

/** What becomes of an agent, and what the journal hears of it. */
interface Changed {
  readonly agent: AgentRecord;
  readonly facts: readonly Fact[];
}

/** Gives a change of keys up: the key the agent has stays the only one. */
export function dropRotation(agent: AgentRecord, reason: string): Changed {
  const { id, rotation } = agent;
  if (rotation === null) return { agent, facts: [] };
  const data = { rotation_id: rotation.id, reason, was_admitted: rotation.curveKey !== null };
  return {
    agent: { ...agent, rotation: null },
    facts: [agentFact('agent.key_rotation_dropped', id, data)],
  };
}

/**
 * A hello that was signed for the next key ends the change of keys: the old one is nobody's from here on.
 * @throws ExecError unavailable when the key ceased to be the agent's while its hello was on the way
 */
export function takeOverKey(agent: AgentRecord, curveKey: string): Changed {
  const { id, rotation } = agent;
  if (curveKey === agent.curveKey) return { agent, facts: [] };
  if (curveKey !== rotation?.curveKey) {
    throw new ExecError('unavailable', 'the CURVE keys of this agent have changed meanwhile; connect again');
  }
  const data = {
    rotation_id: rotation.id,
    old_fingerprint: curveFingerprint(agent.curveKey),
    new_fingerprint: curveFingerprint(curveKey),
  };
  return {
    agent: { ...agent, curveKey, rotation: null },
    facts: [agentFact('agent.key_rotated', id, data)],
  };
}
