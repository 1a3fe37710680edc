import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { finished } from 'node:stream/promises';
import { callbackify } from 'node:util';
import { mayDial, targetOf, type AttemptOutcome, type Services, type WebhookMessage } from '@xem/domain';
import { ExecError } from '@xem/errors';
import { createResolve, type HostAddress, type ResolveHost } from './resolve.ts';

/** Sends a message and tells what came of it; never throws. Ends early when the signal aborts. */
export type PostMessage = (message: WebhookMessage, signal?: AbortSignal) => Promise<AttemptOutcome>;

type Needs = Pick<Services, 'clock' | 'settings'>;

/** The target has this long for its answer, from the look-up of its name on. */
const TIMEOUT_MS = 10_000;

/** As much of an answer's body is read, and thrown away. */
const BODY_BYTES_MAX = 4096;

/** Why a target was not dialled, in words for the owner of the webhook. */
class UndialledError extends Error {
  override readonly name = 'UndialledError';
}

const OUT_OF_REACH = 'the host has an address that webhooks may not reach';

/** The addresses of a host, each of them judged. @throws UndialledError */
async function dialable(
  { settings }: Needs,
  resolve: ResolveHost,
  host: string,
): Promise<readonly [HostAddress, ...HostAddress[]]> {
  const [first, ...others] = await resolve(host);
  if (!first) throw new UndialledError('the host was not found');
  for (const { address } of [first, ...others])
    if (!mayDial(settings, { host, address })) throw new UndialledError(OUT_OF_REACH);
  return [first, ...others];
}

/** The look-up of one dial: exactly the addresses that were judged are dialled, so that a name leads nowhere else. */
function guardedLookup(needs: Needs, resolve: ResolveHost): LookupFunction {
  const judge = callbackify((host: string) => dialable(needs, resolve, host));
  return (name, { all }, done) =>
    judge(name.replace(/\.$/, ''), (err, found) => {
      if (err) done(err, '');
      else if (all) done(null, [...found]);
      else done(null, found[0].address, found[0].family);
    });
}

interface Dial {
  readonly lookup: LookupFunction;
  readonly signal: AbortSignal;
}

/** Sends on a connection of its own, so that each message dials an address that was judged. Redirects are not followed. */
const send = ({ url, headers, body }: WebhookMessage, dial: Dial): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http;
    const outgoing = request(url, { ...dial, method: 'POST', headers, agent: false });
    outgoing.on('response', resolve).on('error', reject);
    outgoing.on('close', () => reject(new Error('the connection was closed')));
    outgoing.end(body);
  });

async function discard(response: http.IncomingMessage): Promise<void> {
  let bytes = 0;
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > BODY_BYTES_MAX) response.destroy();
  });
  await finished(response).catch(() => undefined);
}

function outcomeOf(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return { responseStatus: status, error: null };
  const why = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return { responseStatus: status, error: `the target answered ${status}${why}` };
}

/** The owner of a webhook is told a code at most: messages of the system name addresses. */
function failureOf(err: unknown, timedOut: boolean): string {
  if (timedOut) return `no answer within ${TIMEOUT_MS / 1000} seconds`;
  if (err instanceof UndialledError || err instanceof ExecError) return err.message;
  const code: unknown = err instanceof Error && 'code' in err ? err.code : null;
  return typeof code === 'string' ? `the connection failed: ${code}` : 'the connection failed';
}

/** Makes what sends messages to webhooks, and to no address that they may not reach. */
export function createPost(needs: Needs, resolve: ResolveHost = createResolve(needs.settings)): PostMessage {
  const lookup = guardedLookup(needs, resolve);
  return async (message, given) => {
    const timeout = new AbortController();
    const cancel = needs.clock.after(TIMEOUT_MS, () => timeout.abort());
    const signal = given ? AbortSignal.any([given, timeout.signal]) : timeout.signal;
    try {
      targetOf(needs.settings, message.url);
      const response = await send(message, { lookup, signal });
      await discard(response);
      return outcomeOf(response.statusCode ?? 0);
    } catch (err) {
      return { responseStatus: null, error: failureOf(err, timeout.signal.aborted) };
    } finally {
      cancel();
    }
  };
}
