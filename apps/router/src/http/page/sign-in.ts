import { networkOf, signIn, signOut } from '@xem/domain';
import type { ExecError } from '@xem/errors';
import { html } from 'hono/html';
import { addressOf } from '../admit.ts';
import { toRefusal } from '../answer.ts';
import type { Exchange } from '../edge.ts';
import { readForm, senderOf, sessionToken, setSessionCookie } from './browser.ts';
import { answerPage, answerSeeOther } from './layout.ts';
import { visible } from './visible.ts';
import { visitOf } from './visit.ts';

/** Tries to sign in from one address. */
const SIGN_IN_RATE = { per_minute: 30, burst: 10 };

const OPS = '/ops';

/** Pages one may be sent to after signing in; anything else leads to the overview. */
const NEXT_PAGE = /^\/(?:ops|approvals\/[0-9a-f-]{36})$/;

const nextOf = (given: string | undefined): string => (given && NEXT_PAGE.test(given) ? given : OPS);

/** Answers the form that asks for a key. */
function answerSignIn(exchange: Exchange, next: string, refusal?: ExecError): Promise<Response> {
  const body = html`
    <h1>Sign in</h1>
    ${refusal ? html`<p class="notice bad" role="alert">${visible(refusal.message)}</p>` : ''}
    <p>Sign in with an API key of your own. The key itself is not kept; the session ends after 12 hours.</p>
    <form method="post" action="/sign-in">
      <input type="hidden" name="next" value="${nextOf(next)}" />
      <label
        >API key <input name="key" type="password" autocomplete="current-password" required autofocus
      /></label>
      <button class="approve">Sign in</button>
    </form>
  `;
  return answerPage(exchange, refusal?.status ?? 401, { title: 'Sign in', body });
}

/**
 * A browser that follows a link from another site sends no SameSite=Strict cookie. This page asks again from here,
 * so that whoever is signed in need not sign in anew.
 */
function answerAgain(exchange: Exchange): Promise<Response> {
  const head = html`<meta http-equiv="refresh" content="0" />`;
  return answerPage(exchange, 200, {
    title: 'Opening',
    head,
    body: html`<p><a href="">Open the page</a></p>`,
  });
}

/** Answers a page request of somebody who is not signed in. */
export function askToSignIn(exchange: Exchange): Promise<Response> {
  const { c } = exchange;
  const crossed = c.req.header('sec-fetch-site') === 'cross-site' && sessionToken(exchange) === null;
  return crossed ? answerAgain(exchange) : answerSignIn(exchange, c.req.path);
}

/** Counts a try to sign in by where it comes from. @throws ExecError rate_limit_exceeded */
export const passSignIn = (exchange: Exchange): void =>
  exchange.edge.rateGate.take(`sign-in ${networkOf(addressOf(exchange) ?? '')}`, SIGN_IN_RATE);

/** The whole seconds until a session ends. */
export const secondsLeft = ({ edge }: Exchange, expiresAt: number): number =>
  Math.floor((expiresAt - edge.services.clock.now()) / 1000);

/** Opens a session and goes on to the page that was asked for. */
export async function takeSignIn(exchange: Exchange): Promise<Response> {
  const form = await readForm(exchange);
  try {
    passSignIn(exchange);
    const session = await signIn(exchange.edge.services, (form['key'] ?? '').trim(), visitOf(exchange));
    setSessionCookie(exchange, session.token, secondsLeft(exchange, session.expiresAt));
    return answerSeeOther(exchange, nextOf(form['next']));
  } catch (err) {
    const refusal = toRefusal(err);
    if (refusal.code === 'internal') throw err;
    return answerSignIn(exchange, nextOf(form['next']), refusal);
  }
}

/** Ends the session of the browser. */
export async function takeSignOut(exchange: Exchange): Promise<Response> {
  await senderOf(exchange, await readForm(exchange));
  await signOut(exchange.edge.services, sessionToken(exchange) ?? '', visitOf(exchange));
  setSessionCookie(exchange, '', 0);
  return answerSeeOther(exchange, OPS);
}
