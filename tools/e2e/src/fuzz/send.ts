import { request as openRequest } from 'node:http';
import type { Exchange } from '@xem/router/contract';
import { systemClock } from '@xem/runtime';
import type { FuzzRequest } from './request.ts';

/** A stream is read no longer than this; an answer that takes longer than the second is none. */
const STREAM_MS = 150;
const ANSWER_MS = 60_000;

const clock = systemClock;

/** What came back: an exchange, or why there is none. */
export type Outcome = Exchange | { readonly failed: string };

const headerLines = ({ headers, body }: FuzzRequest, key: string | null): string[] => [
  ...(headers.some(([name]) => name === 'content-type') ? [] : ['content-type', 'application/json']),
  ...(key === null ? [] : ['authorization', `Bearer ${key}`]),
  ...(body === null ? [] : ['content-length', String(body.length)]),
  ...headers.flat(),
  'host',
  'fuzz',
];

/** Sends a request as it is, over a connection of its own. */
export function sendRaw(baseUrl: string, asked: FuzzRequest, key: string | null): Promise<Outcome> {
  const { method, target, body } = asked;
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve) => {
    const options = { hostname, port, method, path: target, headers: headerLines(asked, key), agent: false };
    const request = openRequest(options);
    const giveUp = clock().after(ANSWER_MS, () => request.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
    request.on('response', (answer) => {
      const pieces: Buffer[] = [];
      const isStream = answer.headers['content-type']?.startsWith('text/event-stream') ?? false;
      const tell = (isWhole: boolean): void => {
        giveUp();
        const headers = new Map(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
        const kept = isWhole ? Buffer.concat(pieces) : null;
        resolve({ method, target, status: answer.statusCode ?? 0, headers, body: kept });
      };
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.once('end', () => tell(true));
      answer.once('aborted', () => tell(false));
      if (isStream) clock().after(STREAM_MS, () => (tell(true), request.destroy()));
    });
    request.on('error', (error) => {
      giveUp();
      resolve({ failed: error.message });
    });
    request.end(body ?? undefined);
  });
}
