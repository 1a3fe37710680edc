import { curveFingerprint } from '@xem/mesh/fingerprint';
import { ERROR_CATALOG } from '@xem/errors';
import { PROTOCOL_VERSION, type AgentId, type ConflictBody } from '@xem/protocol';
import { toTimestampOrNull } from '@xem/runtime';
import type { AgentRecord } from '@xem/store';
import type { Services } from '../context.ts';
import { rank } from './conflict.ts';
import { lastSeenOf } from './last-seen.ts';

type Needs = Pick<Services, 'store' | 'fleet' | 'clock'>;

const holderOf = (services: Needs, row: AgentRecord) => ({
  agent_id: row.id,
  fingerprint: curveFingerprint(row.curveKey),
  last_seen_at: toTimestampOrNull(lastSeenOf(services, row)),
  source_address: row.sourceAddress,
});

type Holder = ReturnType<typeof holderOf>;

const describe = (role: string, { agent_id, fingerprint, source_address, last_seen_at }: Holder): string =>
  `the ${role} is ${agent_id}, CURVE key ${fingerprint}, at ${source_address ?? 'an unknown address'}, last seen ${last_seen_at ?? 'never'}`;

/** What an agent in conflict is told: who the two are, and the command that ends it; null when there is no conflict. */
export async function conflictNotice(services: Needs, agentId: AgentId): Promise<ConflictBody | null> {
  const { agents } = services.store.read;
  const agent = await agents.find(agentId);
  const rival = agent?.conflict && (await agents.find(agent.conflict.with));
  if (!agent || !rival) return null;
  const rivals = rank(agent, rival);
  const incumbent = holderOf(services, rivals.incumbent);
  const challenger = holderOf(services, rivals.challenger);
  return {
    v: PROTOCOL_VERSION,
    code: 'agent_name_conflict',
    incumbent_fingerprint: incumbent.fingerprint,
    challenger_fingerprint: challenger.fingerprint,
    incumbent,
    challenger,
    message:
      `Two agents hold the name ${agent.registrationName}: ` +
      `${describe('incumbent', incumbent)}; ${describe('challenger', challenger)}.`,
    operator_action: `${ERROR_CATALOG.agent_name_conflict.fix} Here: \`xeroctl agents resolve-conflict ${agentId} --keep incumbent|challenger\`.`,
  };
}
