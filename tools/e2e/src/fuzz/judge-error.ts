import { typeOfStatus } from '@xem/errors';
import type { Exchange } from '@xem/router/contract';
import { z } from 'zod';

const Envelope = z.object({
  error: z.looseObject({ code: z.string(), type: z.string(), param: z.string().nullable() }),
});

/** The body of an answer that is JSON, else null. */
export const bodyOf = ({ body, headers }: Exchange): unknown =>
  body?.length && headers.get('content-type')?.startsWith('application/json')
    ? JSON.parse(Buffer.from(body).toString('utf8'))
    : null;

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const PARAMETER = /^[^/]{1,}$/;

/** What the document does not say: the type that goes with a status, and the form of `param`. */
export function judgeError(exchange: Exchange): readonly string[] {
  const { status, method } = exchange;
  if (status < 400 || method === 'HEAD') return [];
  if (status >= 500 && status !== 503) return [`status ${status}`];
  const { data } = Envelope.safeParse(bodyOf(exchange));
  if (!data) return [];
  const { type, param } = data.error;
  const wrongType = type === typeOfStatus(status) ? [] : [`type ${type} with ${status}`];
  const isParam = param === null || POINTER.test(param) || PARAMETER.test(param);
  return isParam ? wrongType : [...wrongType, `param ${param}`];
}
