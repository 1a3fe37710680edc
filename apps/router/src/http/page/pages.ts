import { html } from 'hono/html';
import { toRefusal } from '../answer.ts';
import type { Exchange } from '../edge.ts';
import type { Route } from '../route.ts';
import { showApproval, takeApprove, takeBreakGlass, takeLink, takeReject } from './approval-page.ts';
import { answerPage, answerSeeOther } from './layout.ts';
import { showOps } from './ops-page.ts';
import { showLink, showReview, takeLinkToken, takeReviewApprove, takeReviewReject } from './review-page.ts';
import { showSignInLink, takeSignInLink } from './sign-in-link.ts';
import { takeSignIn, takeSignOut } from './sign-in.ts';
import { PAGE_CSS } from './style.ts';
import { visible } from './visible.ts';

/** Shows a refusal to a person as a page; what is not meant for people goes on as it is. */
const asPage =
  (answer: Route['answer']) =>
  async (exchange: Exchange): Promise<Response> => {
    try {
      return await answer(exchange);
    } catch (err) {
      const refusal = toRefusal(err);
      if (refusal.code === 'internal') throw err;
      const body = html`<h1>That did not work</h1>
        <p class="notice bad" role="alert">${visible(refusal.message)}</p>
        <p><a href="/ops">To the overview</a></p>`;
      return answerPage(exchange, refusal.status ?? 500, { title: 'Refused', body });
    }
  };

const answerStyle = ({ headers }: Exchange): Response =>
  new Response(PAGE_CSS, {
    headers: {
      ...headers,
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=300',
    },
  });

/** The pages people sign in to, look at and decide on. */
export const PAGES: readonly Route[] = [
  { path: '/', answer: (exchange) => answerSeeOther(exchange, '/ops') },
  { path: '/ops', answer: asPage(showOps) },
  { path: '/approvals/:id', answer: asPage(showApproval) },
  { method: 'POST', path: '/approvals/:id/approve', answer: asPage(takeApprove) },
  { method: 'POST', path: '/approvals/:id/reject', answer: asPage(takeReject) },
  { method: 'POST', path: '/approvals/:id/break-glass', answer: asPage(takeBreakGlass) },
  { method: 'POST', path: '/approvals/:id/links', answer: asPage(takeLink) },
  { path: '/approve/:token', answer: asPage(showLink) },
  { method: 'POST', path: '/approve', answer: asPage(takeLinkToken) },
  { path: '/review/:id', answer: asPage(showReview) },
  { method: 'POST', path: '/review/:id/approve', answer: asPage(takeReviewApprove) },
  { method: 'POST', path: '/review/:id/reject', answer: asPage(takeReviewReject) },
  { method: 'POST', path: '/sign-in', answer: asPage(takeSignIn) },
  { path: '/sign-in/:token', answer: asPage(showSignInLink) },
  { method: 'POST', path: '/sign-in/:token', answer: asPage(takeSignInLink) },
  { method: 'POST', path: '/sign-out', answer: asPage(takeSignOut) },
  { path: '/assets/page.css', answer: answerStyle },
];
