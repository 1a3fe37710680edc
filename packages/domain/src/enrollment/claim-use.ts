import { ExecError } from '@xem/errors';
import type { EnrollBody, JoinKeyClaims } from '@xem/protocol';
import type { AgentRecord, JoinKeyReader, JoinKeyRecord, JoinKeyUseRecord, WriteTx } from '@xem/store';
import { isAdmitted } from '../agent/admitted.ts';
import { takenUses } from '../join-key/status.ts';
import { SECOND_MS } from '../timestamp.ts';

/** The stored key behind some claims. @throws ExecError join_key_invalid, join_key_revoked, join_key_expired */
export async function loadKey(
  rows: JoinKeyReader,
  claims: JoinKeyClaims,
  now: number,
): Promise<JoinKeyRecord> {
  const key = await rows.get(claims.project, claims.jti);
  if (!key) throw new ExecError('join_key_invalid');
  if (key.revokedAt !== null) throw new ExecError('join_key_revoked');
  if (key.expiresAt <= now) throw new ExecError('join_key_expired');
  return key;
}

/** The agent that took a use of this key with these very keys before; null when there is none. @throws ExecError join_key_invalid */
export async function findEarlier(
  tx: WriteTx,
  uses: readonly JoinKeyUseRecord[],
  body: EnrollBody,
): Promise<AgentRecord | null> {
  const use = uses.find(
    ({ signingKey, curveKey, status }) =>
      status !== 'lapsed' && signingKey === body.signing_public_key && curveKey === body.curve_public_key,
  );
  const agent = use ? await tx.agents.find(use.agentId) : await tx.agents.byCurveKey(body.curve_public_key);
  if (!agent) return null;
  if (use && isAdmitted(agent)) return agent;
  const whose = `${agent.registrationName} (${agent.status})`;
  throw new ExecError(
    'join_key_invalid',
    `the CURVE key of this host belongs to the agent ${whose}; remove the host's key files to enrol as a new one`,
  );
}

/** Lets an agent take one more use. @throws ExecError join_key_exhausted, saying when a reserved use lapses */
export function assertUseLeft(key: JoinKeyRecord, uses: readonly JoinKeyUseRecord[], now: number): void {
  const taken = takenUses(uses, now);
  if (taken.length < key.uses) return;
  const lapses = taken.filter(({ status }) => status === 'reserved').map(({ lapsesAt }) => lapsesAt);
  if (lapses.length === 0) throw new ExecError('join_key_exhausted');
  const retryAfterSeconds = Math.ceil((Math.min(...lapses) - now) / SECOND_MS);
  const message = `every use of the join key is taken, one of them only reserved: try again in ${retryAfterSeconds} s`;
  throw new ExecError('join_key_exhausted', message, { retryAfterSeconds });
}
