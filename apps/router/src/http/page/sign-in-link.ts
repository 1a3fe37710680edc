import { acceptLink, type FirstSignIn } from '@xem/domain';
import { html } from 'hono/html';
import type { Exchange } from '../edge.ts';
import { readForm, setSessionCookie } from './browser.ts';
import { answerPage } from './layout.ts';
import { passSignIn, secondsLeft } from './sign-in.ts';
import { visible } from './visible.ts';
import { visitOf } from './visit.ts';

/** Shows the way in, and does nothing: who scans links in mail may open it. */
export const showSignInLink = (exchange: Exchange): Promise<Response> =>
  answerPage(exchange, 200, {
    title: 'Sign in for the first time',
    body: html`
      <h1>Sign in for the first time</h1>
      <p>This link lets in whoever uses it first, once. You get your API key, which is shown once.</p>
      <form method="post">
        <button class="approve">Sign in</button>
      </form>
    `,
  });

const welcome = ({ caller, keyValue }: FirstSignIn) => html`
  <h1>Welcome, ${visible(caller.principal.name)}</h1>
  <p>This is your API key. Keep it now: it is not shown again, and the link is used up.</p>
  <pre>${keyValue}</pre>
  <p><a href="/ops">To the overview</a></p>
`;

/** Exchanges the link for a key, which is shown here only, and a session. @throws ExecError authentication_required, rate_limit_exceeded */
export async function takeSignInLink(exchange: Exchange): Promise<Response> {
  const { c, edge } = exchange;
  await readForm(exchange);
  passSignIn(exchange);
  const token = c.req.param('token') ?? '';
  const arrival = await acceptLink(edge.services, { token, ...visitOf(exchange) });
  setSessionCookie(exchange, arrival.token, secondsLeft(exchange, arrival.expiresAt));
  return answerPage(exchange, 200, { title: 'Welcome', session: arrival, body: welcome(arrival) });
}
