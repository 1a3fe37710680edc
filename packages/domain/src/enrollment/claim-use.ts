import { ExecError } from '@xem/errors';
import { SECOND_MS, type EnrollBody, type JoinKeyClaims, type ProjectId } from '@xem/protocol';
import type { AgentRecord, JoinKeyReader, JoinKeyRecord, JoinKeyUseRecord, WriteTx } from '@xem/store';
import { isAdmitted } from '../agent/admitted.ts';
import { curveKeysOf } from '../agent/rotation.ts';
import { takenUses } from '../join-key/status.ts';

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

/** Nobody hears of another project's agents, not even who has their keys. */
const nameOf = ({ registrationName, id, status, projectId }: AgentRecord, asker: ProjectId): string =>
  projectId === asker
    ? `the agent ${registrationName} (${id}), which is ${status}`
    : 'an agent of another project';

/** Who asks, and the project whose join key it brought. */
interface Applicant {
  readonly body: EnrollBody;
  readonly projectId: ProjectId;
}

const NEW_KEYS = "remove the host's key files to enrol as a new agent";

/** Keeps out whoever comes with a key of an agent that was banned, or whose keys were revoked. @throws ExecError join_key_invalid */
export async function assertNotBarred(tx: WriteTx, { body, projectId }: Applicant): Promise<void> {
  const keys = { curveKey: body.curve_public_key, signingKey: body.signing_public_key };
  const barred = await tx.agents.barred(keys);
  if (!barred) return;
  const why = barred.status === 'banned' ? 'it was banned' : 'its credentials were revoked';
  throw new ExecError(
    'join_key_invalid',
    `the keys of this host are those of ${nameOf(barred, projectId)}: ${why}, and they may never enrol again`,
  );
}

/** The agent that took a use with these keys, or has changed its CURVE key to this one since. */
async function usedBy(
  tx: WriteTx,
  uses: readonly JoinKeyUseRecord[],
  { signing_public_key: signingKey, curve_public_key: curveKey }: EnrollBody,
): Promise<AgentRecord | null> {
  for (const use of uses) {
    if (use.status === 'lapsed' || use.signingKey !== signingKey) continue;
    const agent = await tx.agents.find(use.agentId);
    if (agent && (use.curveKey === curveKey || curveKeysOf(agent).includes(curveKey))) return agent;
  }
  return null;
}

/**
 * The agent that took a use of this key with these very keys before; null when there is none. The keys of an evicted
 * agent may come back with a key minted since, as a new agent. @throws ExecError join_key_invalid
 */
export async function findEarlier(
  tx: WriteTx,
  uses: readonly JoinKeyUseRecord[],
  { body, projectId }: Applicant,
): Promise<AgentRecord | null> {
  const enrolled = await usedBy(tx, uses, body);
  const agent = enrolled ?? (await tx.agents.byCurveKey(body.curve_public_key));
  if (!agent) return null;
  if (enrolled && isAdmitted(agent) && curveKeysOf(agent).includes(body.curve_public_key)) return agent;
  if (!enrolled && agent.status === 'evicted') return null;
  const remedy = agent.status === 'evicted' ? 'mint a new join key to let it enrol anew' : NEW_KEYS;
  throw new ExecError(
    'join_key_invalid',
    `the CURVE key of this host belongs to ${nameOf(agent, projectId)}; ${remedy}`,
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
