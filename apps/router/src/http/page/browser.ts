import { csrfMatches, resume, type BrowserCaller } from '@xem/domain';
import { ExecError } from '@xem/errors';
import type { Exchange } from '../edge.ts';
import { assertLength, readBody, textOf } from '../middleware/body.ts';

const FORM_BYTES_MAX = 16 * 1024;

/** Members of a submitted form. */
export type Form = Readonly<Record<string, string>>;

/** Whether people reach the router over https. */
export const isSecure = ({ edge }: Exchange): boolean =>
  edge.services.settings.publicUrl.startsWith('https:');

/** With `__Host-` a browser takes the cookie only from this host over https. */
const cookieName = (exchange: Exchange): string =>
  isSecure(exchange) ? '__Host-xem_session' : 'xem_session';

/** The value of a cookie, if it was sent and is not empty. */
export function readCookie({ c }: Exchange, name: string): string | null {
  const cookies = (c.req.header('cookie') ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) || null;
}

/** The token of the session cookie, if one was sent. */
export const sessionToken = (exchange: Exchange): string | null => readCookie(exchange, cookieName(exchange));

/** Writes the session cookie, or removes it with an empty token. */
export function setSessionCookie(exchange: Exchange, token: string, maxAgeSeconds: number): void {
  const secure = isSecure(exchange) ? '; Secure' : '';
  exchange.headers['set-cookie'] =
    `${cookieName(exchange)}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`;
}

/** Who is signed in, or null. */
export async function findBrowser(exchange: Exchange): Promise<BrowserCaller | null> {
  const token = sessionToken(exchange);
  if (token === null) return null;
  try {
    return await resume(exchange.edge.services, token);
  } catch (err) {
    if (err instanceof ExecError && err.code === 'authentication_required') return null;
    throw err;
  }
}

/** Whether a form came from a page of this router, as far as the browser tells. */
function isSameOrigin({ c, edge }: Exchange): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = c.req.header('origin');
  const own = [new URL(c.req.url).host, new URL(edge.services.settings.publicUrl).host];
  return origin === undefined || origin === 'null' || own.some((host) => origin.endsWith(`//${host}`));
}

/**
 * Refuses a form that another site sent. Pages without a referrer send `Origin: null`, and over plain http browsers
 * say nothing else: there the token of the session alone decides. @throws ExecError scope_insufficient
 */
function assertSameOrigin(exchange: Exchange): void {
  if (isSameOrigin(exchange)) return;
  throw new ExecError('scope_insufficient', 'the form was not sent from a page of this router');
}

/** Reads a form of ours. @throws ExecError payload_too_large, scope_insufficient when another site sent it */
export async function readForm(exchange: Exchange): Promise<Form> {
  assertLength(exchange.c, FORM_BYTES_MAX);
  const text = textOf(await readBody(exchange.c, FORM_BYTES_MAX));
  assertSameOrigin(exchange);
  return Object.fromEntries(new URLSearchParams(text));
}

/** Refuses a form without the token of its session. @throws ExecError scope_insufficient */
export function assertOfSession(browser: BrowserCaller, form: Form): void {
  if (csrfMatches(browser, form['csrf'] ?? '')) return;
  throw new ExecError('scope_insufficient', 'the form is not of this session; open the page again');
}

/** Who sent a form: signed in, and with the token of the session. @throws ExecError authentication_required, scope_insufficient */
export async function senderOf(exchange: Exchange, form: Form): Promise<BrowserCaller> {
  const browser = await findBrowser(exchange);
  if (!browser) throw new ExecError('authentication_required', 'the session has ended; sign in again');
  assertOfSession(browser, form);
  return browser;
}
