import { sha256Hex, type ApprovalId } from '@xem/protocol';
import type { AccessServices } from '../access/authenticate.ts';
import type { BrowserCaller } from '../session/resume.ts';
import { callerByLink } from './caller.ts';
import { refuseLink } from './open.ts';
import { peopleOf } from './people.ts';
import { hashOfSession, isOpen } from './token.ts';

/** A reviewer who has opened a link, and the one approval that they may decide. */
export interface LinkCaller extends BrowserCaller {
  readonly approvalId: ApprovalId;
}

/**
 * Tells who presents the session of a link. It ends with the vote, with its time, and with whoever minted it.
 * @throws ExecError authentication_required
 */
export async function resumeLink(services: AccessServices, token: string): Promise<LinkCaller> {
  const { store, clock } = services;
  const row = await store.read.approvalLinks.byToken(hashOfSession(token));
  const now = clock.now();
  if (!row || !isOpen(row, now)) throw refuseLink();
  const people = await peopleOf(store.read.access, row, now);
  if (!people) throw refuseLink();
  return {
    caller: callerByLink(row, people),
    csrfToken: sha256Hex(`csrf ${token}`),
    approvalId: row.approvalId,
  };
}
