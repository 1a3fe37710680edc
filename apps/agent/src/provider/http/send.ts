import { request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { HostedEnd } from '../../run/hosted-end.ts';
import type { HostedIo } from '../../run/hosted-run.ts';
import type { Header } from './headers.ts';
import type { Hosts } from './hosts.ts';

/** A request of a call. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly Header[];
  readonly body: string | null;
}

/** How a tool takes answers. */
export interface AnswerRules {
  readonly hosts: Hosts;
  isSuccess(status: number): boolean;
  /** Headers of the answer that standard error tells, in lower case. */
  readonly shownHeaders: readonly string[];
}

/** Methods that change nothing: only they follow redirects, and what became of them is no question. */
const SAFE = new Set(['GET', 'HEAD']);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const REDIRECTS_MAX = 5;

type Reply =
  | { readonly kind: 'answer'; readonly message: IncomingMessage }
  | { readonly kind: 'failure'; readonly wasSent: boolean; readonly why: string };

const messageOf = (err: Error): string => err.message || ('code' in err ? String(err.code) : err.name);

/** Whether a request has left cannot be seen in its error, but in whether there was ever a connection to send it on. */
function watchConnection(request: ClientRequest, isSecure: boolean): () => boolean {
  let isConnected = false;
  request.once('socket', (socket) => {
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      isConnected = true;
    });
  });
  return () => isConnected;
}

/** Sends a request on a connection of its own and waits for the head of the answer. */
function ask({ method, url, headers, body }: HttpRequest, signal: AbortSignal): Promise<Reply> {
  const isSecure = url.protocol === 'https:';
  const open = isSecure ? requestSecure : requestPlain;
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const named = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
  const request = open(url, {
    method,
    headers: named,
    signal,
    agent: false,
  });
  const wasSent = watchConnection(request, isSecure);
  request.once('response', (message) => resolve({ kind: 'answer', message }));
  request.on('error', (err) => resolve({ kind: 'failure', wasSent: wasSent(), why: messageOf(err) }));
  request.end(body ?? undefined);
  return promise;
}

/** Where an answer sends on to; a text says why that is not followed. */
function redirectOf(message: IncomingMessage, from: URL, { hosts }: AnswerRules): URL | string {
  const to = URL.parse(message.headers.location ?? '', from.href);
  if (!message.headers.location || !to) return 'a redirect to nowhere';
  if (from.protocol === 'https:' && to.protocol !== 'https:')
    return 'a redirect away from https was not followed';
  return hosts.allows(to) ? to : `a redirect to ${to.host} was not followed: the bundle does not name it`;
}

const say = (io: HostedIo, text: string): Promise<void> => io.write('stderr', Buffer.from(`${text}\n`));

/** Tells the status line and the chosen headers. */
function describe(
  { httpVersion, statusCode, statusMessage, headers }: IncomingMessage,
  shown: readonly string[],
): string {
  const lines = shown.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [`${name}: ${Array.isArray(value) ? value.join(', ') : value}`];
  });
  return [`HTTP/${httpVersion} ${statusCode} ${statusMessage}`.trimEnd(), ...lines].join('\n');
}

const unknown = ({ url }: HttpRequest, why: string): HostedEnd => ({
  kind: 'unknown',
  why: `${url.host} had the request and did not answer it whole; whether it took effect is unknown: ${why}`,
});

const bytesOf = (piece: unknown): Buffer => (Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece)));

async function takeBody(io: HostedIo, message: IncomingMessage): Promise<string | null> {
  try {
    for await (const piece of message) await io.write('stdout', bytesOf(piece));
    return null;
  } catch (err) {
    return err instanceof Error ? messageOf(err) : String(err);
  }
}

async function takeAnswer(
  io: HostedIo,
  request: HttpRequest,
  { message, rules }: Answer,
): Promise<HostedEnd> {
  await say(io, describe(message, rules.shownHeaders));
  const broken = await takeBody(io, message);
  if (broken === null) return { kind: 'exit', status: rules.isSuccess(message.statusCode ?? 0) ? 0 : 1 };
  if (!SAFE.has(request.method)) return unknown(request, broken);
  await say(io, `the answer broke off: ${broken}`);
  return { kind: 'exit', status: 1 };
}

interface Answer {
  readonly message: IncomingMessage;
  readonly rules: AnswerRules;
}

/** What failed before there was an answer. */
async function failed(
  io: HostedIo,
  request: HttpRequest,
  { wasSent, why }: { wasSent: boolean; why: string },
): Promise<HostedEnd> {
  if (wasSent && !SAFE.has(request.method)) return unknown(request, why);
  await say(io, `${request.url.host} cannot be asked: ${why}`);
  return { kind: 'exit', status: 1 };
}

/** A server that is not the first one gets no credentials. */
const onwards = ({ url: from, headers, ...rest }: HttpRequest, url: URL): HttpRequest => ({
  ...rest,
  url,
  headers: from.origin === url.origin ? headers : headers.filter(({ isSecret }) => !isSecret),
});

/**
 * Carries out a request: the body of the answer goes to standard output as it comes, its head to standard error.
 * Redirects of GET and HEAD are followed as far as the bundle's hosts go; credentials stay with the first server.
 */
export async function send(io: HostedIo, first: HttpRequest, rules: AnswerRules): Promise<HostedEnd> {
  let request = first;
  for (let hops = 0; ; hops++) {
    const reply = await ask(request, io.signal);
    if (reply.kind === 'failure') return failed(io, request, reply);
    const { message } = reply;
    const status = message.statusCode ?? 0;
    const answer = { message, rules };
    if (!SAFE.has(request.method) || !REDIRECTS.has(status) || rules.isSuccess(status))
      return takeAnswer(io, request, answer);
    const next = hops < REDIRECTS_MAX ? redirectOf(message, request.url, rules) : 'too many redirects';
    if (typeof next === 'string') {
      await say(io, next);
      return takeAnswer(io, request, answer);
    }
    message.destroy();
    request = onwards(request, next);
  }
}
