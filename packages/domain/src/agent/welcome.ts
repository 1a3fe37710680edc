import { ExecError } from '@xem/errors';
import {
  agentMachine,
  joinKeyUseMachine,
  type AgentId,
  type HelloBody,
  type WelcomeBody,
} from '@xem/protocol';
import type { AgentRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import { agentContext, internalOperation, type ProjectContext, type Services } from '../context.ts';
import type { Arrival } from '../fleet/fleet.ts';
import { useFact } from '../join-key/facts.ts';
import { isOverdue } from '../join-key/status.ts';
import { mutate, type Fact } from '../mutate.ts';
import { bindingNotices } from './binding-notices.ts';
import { clash, rank, rivalOf } from './conflict.ts';
import { agentFact } from './facts.ts';
import { leaseTerms } from './lease-terms.ts';
import { takeOverKey } from './rotation.ts';

const welcomeAgent = internalOperation('agent.welcome');

/** A hello that was signed by the agent it names, for its own CURVE key. */
export interface Hello {
  readonly session: string;
  readonly agentId: AgentId;
  /** Z85. */
  readonly curveKey: string;
  readonly hello: HelloBody;
  readonly sourceAddress: string | null;
}

/** A session that may open. */
export interface Welcomed {
  readonly agent: AgentRecord;
  /** The part of the welcome that does not speak of executions. */
  readonly terms: Pick<
    WelcomeBody,
    'epoch' | 'lease_ttl_ms' | 'lease_renewal_interval_ms' | 'bindings' | 'send_manifest'
  >;
  /** For the fleet, once the welcome is on its way: before that no order may go out. */
  readonly arrival: Arrival;
}

/** The first welcome confirms the use of the join key that was reserved at enrolment. */
async function confirmUse(ctx: ProjectContext, tx: WriteTx, { id }: AgentRecord): Promise<readonly Fact[]> {
  const use = await tx.joinKeys.reservedBy(id);
  if (!use) return [];
  if (isOverdue(use, ctx.clock.now())) {
    throw new ExecError('join_key_expired', 'the enrolment was not finished within 10 minutes; enrol again');
  }
  const { status } = advance(joinKeyUseMachine, { id: use.joinKeyId, status: use.status }, 'confirm');
  await tx.joinKeys.saveUse({ ...use, status });
  return [useFact('join_key.confirmed', use, {})];
}

/** That an agent in conflict came back settles nothing. */
const greeted = (agent: AgentRecord, { hello, sourceAddress }: Hello, now: number): AgentRecord => ({
  ...advance(agentMachine, agent, agent.status === 'conflict' ? 'reconnect' : 'connect'),
  epoch: agent.epoch + 1,
  journalId: hello.journal_id,
  agentVersion: hello.agent_version,
  host: hello.host,
  hostReportedAt: now,
  sourceAddress,
  connectionSince: now,
  lastSeenAt: now,
});

async function welcomed(
  ctx: ProjectContext,
  tx: WriteTx,
  { agent, received }: { readonly agent: AgentRecord; readonly received: Hello },
): Promise<Welcomed> {
  const { hello, session } = received;
  const lease = leaseTerms(ctx.settings);
  const renewedAt = ctx.clock.monotonic();
  const open = await tx.executions.openOf(agent.id);
  return {
    agent,
    terms: {
      epoch: agent.epoch,
      ...lease,
      bindings: await bindingNotices(tx.workspaces, agent.id),
      send_manifest: hello.manifest_hash !== agent.manifestHash,
    },
    arrival: {
      agentId: agent.id,
      projectId: agent.projectId,
      epoch: agent.epoch,
      journalId: hello.journal_id,
      session,
      slots: hello.host.limits.max_concurrent_executions,
      inFlight: open.map(({ id }) => id),
      leaseEndsAt: renewedAt + lease.lease_ttl_ms,
      lastRenewalAt: renewedAt,
    },
  };
}

interface Comer {
  readonly before: AgentRecord;
  readonly agent: AgentRecord;
  /** Gets who is contested from here on, for whoever must take that back. */
  readonly contested: AgentId[];
}

/** The journal hears of an agent that comes online, or that comes while another one is online under its name. */
async function newsOf(
  ctx: ProjectContext,
  tx: WriteTx,
  { before, agent, contested }: Comer,
): Promise<readonly Fact[]> {
  if (agent.status === 'conflict') return [];
  const rival = await rivalOf(tx, agent);
  const online = agentFact('agent.online', agent.id, { epoch: agent.epoch });
  if (!rival) return before.status === 'online' ? [] : [online];
  const facts = await clash(ctx, tx, rank(agent, rival));
  // At once, not after the commit: what is dispatched in the same commit would be new work.
  contested.push(agent.id, rival.id);
  for (const id of contested) ctx.fleet.contest(id, true);
  return facts;
}

const greet = (ctx: ProjectContext, received: Hello, contested: AgentId[]): Promise<Welcomed> =>
  mutate(ctx, welcomeAgent, async (tx) => {
    const { agentId: id } = received;
    const before = await tx.agents.find(id);
    if (!before) throw new ExecError('agent_not_found', `there is no agent ${id}`);
    const confirmed = await confirmUse(ctx, tx, before);
    const keyed = takeOverKey(before, received.curveKey);
    const agent = await tx.agents.save(greeted(keyed.agent, received, ctx.clock.now()));
    const news = await newsOf(ctx, tx, { before, agent, contested });
    const result = await welcomed(ctx, tx, { agent: (await tx.agents.find(id)) ?? agent, received });
    const facts = [...confirmed, ...keyed.facts, ...news];
    // The lease begins here, and ends even if the connection dies before it hears of its welcome.
    const committed = (): void => {
      ctx.fleet.arrive({ ...result.arrival, session: null });
      if (result.terms.send_manifest) ctx.fleet.hold(id, 'unread');
    };
    return { result, facts, committed };
  });

/**
 * Opens the next epoch of an agent that proved who it is. When another agent is online under its name, both are in
 * conflict from now on. What it left behind under another journal is reconciled after this.
 * @throws ExecError agent_not_found, join_key_expired, invalid_state, unavailable
 */
export async function welcome(services: Services, received: Hello): Promise<Welcomed> {
  const { agents } = services.store.read;
  const known = await agents.find(received.agentId);
  if (!known) throw new ExecError('agent_not_found', `there is no agent ${received.agentId}`);
  const ctx = agentContext(services, { projectId: known.projectId, agentId: known.id });
  const contested: AgentId[] = [];
  try {
    return await greet(ctx, received, contested);
  } catch (err) {
    for (const id of contested) ctx.fleet.contest(id, false);
    throw err;
  }
}
