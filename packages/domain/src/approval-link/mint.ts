import { ExecError } from '@xem/errors';
import { LinkId, linkApproval, type ApprovalLink, type ParsedInputOf, type PrincipalId } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { ApprovalLinkRecord, ApprovalRecord, WriteTx } from '@xem/store';
import { authorizeDecision } from '../approval/authorize-decision.ts';
import { assertMayDecide } from '../approval/decision.ts';
import { loadOver, type Over } from '../approval/load.ts';
import { approvalFact, gatedCall } from '../approval/request.ts';
import type { VerbContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { refOf } from '../principal/record.ts';
import { callerByLink, type LinkPeople } from './caller.ts';
import { peopleOf } from './people.ts';
import { presentLink } from './present.ts';
import { hashOfToken, linkUrl } from './token.ts';

type Request = ParsedInputOf<typeof linkApproval>;

/** More than anybody needs for one decision. */
const LINKS_MAX = 20;

/** The reviewer, and the minter as the link will speak for them. @throws ExecError principal_not_found, invalid_state */
async function loadPeople(ctx: VerbContext, tx: WriteTx, id: PrincipalId): Promise<LinkPeople> {
  const param = '/reviewer';
  const reviewer = await tx.access.principal(ctx.projectId, id);
  if (!reviewer) throw new ExecError('principal_not_found', `the project has no principal ${id}`, { param });
  const { projectId, keyId: minterKeyId } = ctx;
  const people = await peopleOf(
    tx.access,
    { projectId, minterKeyId, reviewer: refOf(reviewer) },
    ctx.clock.now(),
  );
  if (people) return people;
  throw new ExecError('invalid_state', `${reviewer.name} is disabled`, { param });
}

function newLink(
  ctx: VerbContext,
  request: Request,
  {
    approval,
    people,
    token,
  }: {
    readonly approval: ApprovalRecord;
    readonly people: LinkPeople;
    readonly token: string;
  },
): ApprovalLinkRecord {
  const now = ctx.clock.now();
  const { expires_in_seconds: seconds } = request;
  const wanted = seconds === undefined ? Infinity : now + seconds * 1000;
  const keyEndsAt = ctx.caller.credential.keyExpiresAt ?? Infinity;
  return {
    id: LinkId.parse(`lnk_${ctx.ids.hex()}`),
    version: 1,
    tokenSha256: hashOfToken(token),
    projectId: ctx.projectId,
    approvalId: approval.id,
    reviewer: refOf(people.reviewer),
    mintedBy: ctx.caller.principal,
    minterKeyId: ctx.keyId,
    groups: ctx.caller.groups,
    createdAt: now,
    expiresAt: Math.min(approval.expiresAt, wanted, keyEndsAt),
    usedAt: null,
  };
}

/** A link is minted only if its vote would count now. @throws ExecError approver_not_eligible */
function assertWouldCount(
  ctx: VerbContext,
  row: ApprovalLinkRecord,
  { people, ...over }: Over & { readonly people: LinkPeople },
): void {
  const eligibility = authorizeDecision({ ...over, caller: callerByLink(row, people), now: ctx.clock.now() });
  if (eligibility.eligible) return;
  const message = `${people.reviewer.name} could not decide by a link: ${eligibility.reason}`;
  throw new ExecError(eligibility.code, message, { param: '/reviewer' });
}

/** A vote is handed on once. @throws ExecError approver_not_eligible */
function assertNoLink({ caller }: VerbContext): void {
  if (!caller.credential.link) return;
  throw new ExecError('approver_not_eligible', 'whoever decides by a link hands on no other');
}

async function assertFew(ctx: VerbContext, tx: WriteTx, { id }: ApprovalRecord): Promise<void> {
  const links = await tx.approvalLinks.ofApproval(ctx.projectId, id);
  if (links.length < LINKS_MAX) return;
  throw new ExecError('invalid_state', `the approval has ${LINKS_MAX} links; that is all it can have`);
}

const linkCreated = (row: ApprovalLinkRecord, approval: ApprovalRecord): Fact =>
  approvalFact('approval.link_created', approval, {
    ...gatedCall(approval),
    link_id: row.id,
    reviewer: row.reviewer,
    expires_at: toTimestamp(row.expiresAt),
  });

/**
 * Lets a named person give the caller's vote over one approval, once. The address is in this answer only; what is kept
 * is the hash of its token.
 * @throws ExecError approval_not_found, approval_not_pending, approver_not_eligible, principal_not_found, invalid_state
 */
export async function mint(ctx: VerbContext, input: Request): Promise<ApprovalLink> {
  const token = ctx.ids.token();
  const row = await mutate(ctx, linkApproval, async (tx) => {
    const over = await loadOver(ctx, tx, input.id);
    const { approval } = over;
    assertNoLink(ctx);
    assertMayDecide(ctx, { ...over, now: ctx.clock.now() });
    const people = await loadPeople(ctx, tx, input.reviewer);
    const made = newLink(ctx, input, { approval, people, token });
    assertWouldCount(ctx, made, { ...over, people });
    await assertFew(ctx, tx, approval);
    await tx.approvalLinks.insert(made);
    return { result: made, facts: [linkCreated(made, approval)] };
  });
  return { ...presentLink(row, 'active'), url: linkUrl(ctx.settings, token) };
}
