import { ExecError } from '@xem/errors';
import { MINUTE_MS, type LinkId } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { ApprovalLinkRecord, ApprovalRecord } from '@xem/store';
import type { AccessServices } from '../access/authenticate.ts';
import { loadOver } from '../approval/load.ts';
import { approvalFact, gatedCall } from '../approval/request.ts';
import { internalOperation } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { visitContext, type Visit } from '../session/visit.ts';
import { voiceOf } from './caller.ts';
import { peopleOf } from './people.ts';
import { hashOfSession, hashOfToken, isOpen } from './token.ts';

const openOperation = internalOperation('approval.open_link');

/** A reviewer who has opened a link has this long to decide. */
const SESSION_MS = 30 * MINUTE_MS;

/** The session that a link's token was exchanged for. Its token goes into a cookie and nowhere else. */
export interface OpenedLink {
  readonly id: LinkId;
  readonly token: string;
  readonly expiresAt: number;
}

/** The one answer to every link that opens nothing: which of the reasons it was is nobody's business. */
export const refuseLink = (): ExecError =>
  new ExecError(
    'authentication_required',
    'This link opens nothing: it was opened before, it is over, or it never was one. Ask for another.',
  );

const linkOpened = (row: ApprovalLinkRecord, approval: ApprovalRecord, { address }: Visit): Fact =>
  approvalFact('approval.link_opened', approval, {
    ...gatedCall(approval),
    link_id: row.id,
    reviewer: row.reviewer,
    address,
    ends_at: toTimestamp(row.expiresAt),
  });

/** Exchanges the token of a link for a session; from then on the token is worth nothing. @throws ExecError authentication_required */
export async function openLink(services: AccessServices, token: string, visit: Visit): Promise<OpenedLink> {
  const { store, clock, ids } = services;
  const found = await store.read.approvalLinks.byToken(hashOfToken(token));
  const people = found && (await peopleOf(store.read.access, found, clock.now()));
  if (!people) throw refuseLink();
  const session = ids.token();
  const visitor = { projectId: found.projectId, actor: voiceOf(found, people), keyId: found.minterKeyId };
  const ctx = visitContext(services, visitor, visit);
  const opened = await mutate(ctx, openOperation, async (tx) => {
    const now = clock.now();
    const row = await tx.approvalLinks.byToken(hashOfToken(token));
    if (!row || !isOpen(row, now) || !(await peopleOf(tx.access, row, now))) throw refuseLink();
    const expiresAt = Math.min(row.expiresAt, now + SESSION_MS);
    const saved = await tx.approvalLinks.save({ ...row, tokenSha256: hashOfSession(session), expiresAt });
    const { approval } = await loadOver(ctx, tx, row.approvalId);
    return { result: saved, facts: [linkOpened(saved, approval, visit)] };
  });
  return { id: opened.id, token: session, expiresAt: opened.expiresAt };
}
