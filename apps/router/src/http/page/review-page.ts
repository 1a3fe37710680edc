import { openLink, resumeLink, type OpenedLink } from '@xem/domain';
import { ExecError } from '@xem/errors';
import { html } from 'hono/html';
import { addressOf } from '../admit.ts';
import { toRefusal } from '../answer.ts';
import type { Exchange } from '../edge.ts';
import { answerApproval, approve, refusalNotice, reject, type Decider, type Take } from './approval-desk.ts';
import { assertOfSession, isSecure, readCookie, readForm } from './browser.ts';
import { answerPage, answerSeeOther } from './layout.ts';
import { secondsLeft } from './sign-in.ts';
import { visitOf } from './visit.ts';

const pathOf = (linkId: string): string => `/review/${linkId}`;

/** Every link has a cookie of its own, which goes to its pages only. */
const cookieName = (exchange: Exchange): string =>
  isSecure(exchange) ? '__Secure-xem_review' : 'xem_review';

function setCookie(
  exchange: Exchange,
  linkId: string,
  { token, seconds }: { readonly token: string; readonly seconds: number },
): void {
  const secure = isSecure(exchange) ? '; Secure' : '';
  exchange.headers['set-cookie'] =
    `${cookieName(exchange)}=${token}; Path=${pathOf(linkId)}; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
}

/**
 * What the address of a link shows: the same for every link, good or not. It decides nothing, tells nothing and uses
 * nothing up, so that scanners of mail may open it.
 */
export const showLink = (exchange: Exchange): Promise<Response> =>
  answerPage(exchange, 200, {
    title: 'A decision',
    body: html`
      <h1>Your decision is asked for</h1>
      <p>This link opens once. You see exactly what is to run, and then decide, within half an hour.</p>
      <form method="post" action="/approve">
        <input type="hidden" name="token" value="${exchange.c.req.param('token') ?? ''}" />
        <button class="approve">Show it</button>
      </form>
    `,
  });

/** An address that tried too many links that were none is told nothing of the next ones. @throws ExecError */
async function open(exchange: Exchange, token: string): Promise<OpenedLink> {
  const { edge } = exchange;
  const address = addressOf(exchange);
  edge.strangers.assertMayTry(address);
  try {
    return await openLink(edge.services, token, visitOf(exchange));
  } catch (err) {
    if (err instanceof ExecError && err.code === 'authentication_required') edge.strangers.note(address);
    throw err;
  }
}

/** Exchanges the token of a link for the session of a reviewer. @throws ExecError authentication_required, rate_limit_exceeded */
export async function takeLinkToken(exchange: Exchange): Promise<Response> {
  const form = await readForm(exchange);
  const { id, expiresAt, token } = await open(exchange, form['token'] ?? '');
  setCookie(exchange, id, { token, seconds: secondsLeft(exchange, expiresAt) });
  return answerSeeOther(exchange, pathOf(id));
}

/** Whoever opened the link that the path names. @throws ExecError authentication_required */
async function reviewerOf(exchange: Exchange): Promise<Decider & { readonly linkId: string }> {
  const token = readCookie(exchange, cookieName(exchange)) ?? '';
  const { approvalId, ...browser } = await resumeLink(exchange.edge.services, token);
  const linkId = browser.caller.credential.link?.id;
  if (linkId === undefined || linkId !== exchange.c.req.param('id'))
    throw new ExecError('authentication_required', 'this is the page of another link');
  return { browser, id: approvalId, base: pathOf(linkId), linkId };
}

/** Shows the approval to its reviewer. Decides nothing. */
export const showReview = async (exchange: Exchange): Promise<Response> =>
  answerApproval(exchange, await reviewerOf(exchange));

const counted = {
  status: 200,
  notice: html`<p class="notice good">Your decision counts. The link is used up.</p>`,
};

const take =
  (act: Take) =>
  async (exchange: Exchange): Promise<Response> => {
    const form = await readForm(exchange);
    const decider = await reviewerOf(exchange);
    assertOfSession(decider.browser, form);
    try {
      await act(exchange, decider, form);
    } catch (err) {
      const refusal = toRefusal(err);
      if (refusal.code === 'internal') throw err;
      return answerApproval(exchange, decider, refusalNotice(refusal));
    }
    setCookie(exchange, decider.linkId, { token: '', seconds: 0 });
    return answerApproval(exchange, decider, counted);
  };

export const takeReviewApprove = take(approve);
export const takeReviewReject = take(reject);
