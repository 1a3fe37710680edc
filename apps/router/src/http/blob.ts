import type { RawOutput } from '@xem/domain';
import { ExecError, toEnvelope } from '@xem/errors';
import { answerJson } from './answer.ts';
import type { Answer } from './bind.ts';
import type { Admitted } from './edge.ts';
import { whilePermitted } from './while-permitted.ts';

interface ByteRange {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

const SINGLE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/** The range a request asks for: null when it asks for none we honour, `unsatisfiable` when it has no bytes. */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = SINGLE_RANGE.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '')
    return last !== '0' && size > 0 ? { from: Math.max(0, size - Number(last)), to: size } : 'unsatisfiable';
  const from = Number(first);
  const to = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < from) return null;
  return from < size ? { from, to } : 'unsatisfiable';
}

const namesTag = (header: string, tag: string): boolean =>
  header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === tag);

function send(
  request: Admitted,
  output: RawOutput,
  { from, to, status }: ByteRange & { status: number },
): Response {
  const { c, headers } = request;
  headers['content-length'] = String(to - from);
  headers['content-type'] = 'application/octet-stream';
  if (c.req.raw.method === 'HEAD' || from === to) return new Response(null, { status, headers });
  return new Response(ReadableStream.from(whilePermitted(request, output.read(from, to))), {
    status,
    headers,
  });
}

/** Refuses a range beyond the end: the status is HTTP's own, the envelope ours. */
function refuseRange(request: Admitted, size: number): Response {
  request.headers['content-range'] = `bytes */${size}`;
  const error = new ExecError('invalid_body', `Range holds none of the ${size} bytes`, { param: 'Range' });
  return answerJson(request, 416, toEnvelope(error));
}

/** Answers the exact bytes of one stream, whole or one range of them, at the client's pace. */
export const answerBytes: Answer<RawOutput> = (request, output) => {
  const { bytes: size, sha256, truncated } = output.digest;
  const { c, headers } = request;
  const tag = `"${sha256}"`;
  Object.assign(headers, { etag: tag, 'x-content-sha256': sha256, 'accept-ranges': 'bytes' });
  if (truncated) headers['x-exec-truncated'] = 'true';
  if (namesTag(c.req.header('if-none-match') ?? '', tag)) return new Response(null, { status: 304, headers });
  const sameAsBefore = (c.req.header('if-range') ?? tag) === tag;
  const range = sameAsBefore ? rangeOf(c.req.header('range'), size) : null;
  if (range === 'unsatisfiable') return refuseRange(request, size);
  if (range === null) return send(request, output, { from: 0, to: size, status: 200 });
  headers['content-range'] = `bytes ${range.from}-${range.to - 1}/${size}`;
  return send(request, output, { ...range, status: 206 });
};
