import { AgentId, type EnrolledBody, type JoinKeyClaims } from '@xem/protocol';
import type { AgentRecord, WriteTx } from '@xem/store';
import { forgetLeft } from '../agent/leave.ts';
import { agentContext, internalOperation, type ProjectContext, type Services } from '../context.ts';
import type { CheckedManifest } from '../manifest/check.ts';
import { publicationOf } from '../manifest/publication.ts';
import { mutate, type Change } from '../mutate.ts';
import { acceptance } from './answer.ts';
import { claimName } from './claim-name.ts';
import { assertNotBarred, assertUseLeft, findEarlier, loadKey } from './claim-use.ts';
import { newAgent, type EnrollRequest } from './new-agent.ts';
import { settle, type Newcomer, type Settled } from './settle.ts';

const enrollAgent = internalOperation('enrollment.enroll');

/** What an enrolment answers, and what it changes of who may connect. */
export interface Enrolment {
  readonly answer: EnrolledBody;
  /** May connect from now on. */
  readonly admitted: Pick<AgentRecord, 'id' | 'curveKey'> | null;
}

/** A request whose join key and manifest hold what they must. */
export interface Application {
  readonly request: EnrollRequest;
  readonly claims: JoinKeyClaims;
  readonly checked: CheckedManifest;
}

/** Memory follows the store: what retired agents published goes, what the new one publishes comes. */
function remember(services: Services, { agent, checked }: Newcomer, settled: Settled): void {
  const { catalogue } = services;
  forgetLeft(services, settled.estates);
  catalogue.publish(agent.id, publicationOf(checked.manifest, agent, settled.standing));
  for (const workspaceId of settled.workspaces) catalogue.bind({ workspaceId, agentId: agent.id });
}

async function takeIn(ctx: ProjectContext, tx: WriteTx, newcomer: Newcomer): Promise<Change<Enrolment>> {
  const settled = await settle(ctx, tx, newcomer);
  const { agent } = newcomer;
  return {
    result: { answer: await acceptance(ctx, tx.workspaces, agent), admitted: agent },
    facts: settled.facts,
    committed: () => remember(ctx, newcomer, settled),
  };
}

async function repeat(ctx: ProjectContext, tx: WriteTx, agent: AgentRecord): Promise<Change<Enrolment>> {
  const answer = await acceptance(ctx, tx.workspaces, agent);
  return { result: { answer, admitted: agent }, facts: [] };
}

/**
 * Takes an agent in: counting the use and writing the agent are one transaction, so that a hundred who race for one
 * use are one agent. @throws ExecError join_key_*, agent_name_in_use
 */
export function admit(services: Services, { request, claims, checked }: Application): Promise<Enrolment> {
  const id = AgentId.parse(`agt_${services.ids.hex()}`);
  const ctx = agentContext(services, { projectId: claims.project, agentId: id });
  return mutate(ctx, enrollAgent, async (tx) => {
    const now = ctx.clock.now();
    const key = await loadKey(tx.joinKeys, claims, now);
    const uses = await tx.joinKeys.usesOf(key.id);
    const applicant = { body: request.body, projectId: key.projectId };
    await assertNotBarred(tx, applicant);
    const earlier = await findEarlier(tx, uses, applicant);
    if (earlier) return repeat(ctx, tx, earlier);
    assertUseLeft(key, uses, now);
    const retired = await claimName(tx, key, request.body.registration_name);
    const agent = newAgent({ id, request, key, checked }, now);
    return takeIn(ctx, tx, { agent, key, checked, retired });
  });
}
