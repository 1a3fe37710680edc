import type { Operation } from '@xem/protocol';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { eventsOf } from './events.ts';
import { answerHeaders } from './headers.ts';
import { refusalsOf } from './refusals.ts';

const MEDIA_TYPES: Readonly<Record<Operation['answers'], string>> = {
  json: 'application/json',
  stream: 'text/event-stream',
  blob: 'application/octet-stream',
};

/** Statuses beside the usual one that a success may have, and when. */
function otherSuccesses({ id, method, headers = [] }: Operation): Readonly<Record<number, string>> {
  if (id === 'invocation.cancel') return { 202: 'It runs and is being stopped.' };
  if (headers.includes('Range'))
    return { 206: 'One range of the bytes.', 304: 'They are those the client has.' };
  const waits = method === 'POST' && headers.includes('Prefer');
  return waits ? { 200: 'A replay, a plan, or the end of the wait.', 202: 'The wait ran out first.' } : {};
}

function successesOf(operation: Operation): ZodOpenApiResponsesObject {
  const usual = { [operation.status ?? 200]: 'As asked.' };
  const content = {
    [operation.media ?? MEDIA_TYPES[operation.answers]]: { schema: operation.output, ...eventsOf(operation) },
  };
  const rows = Object.entries({ ...usual, ...otherSuccesses(operation) }).map(([status, description]) => {
    const body = status === '304' ? {} : { content };
    return [status, { description, headers: answerHeaders(Number(status), operation), ...body }];
  });
  return Object.fromEntries(rows);
}

/** Every answer of an operation: its successes, and its errors by status. */
export const responsesOf = (operation: Operation): ZodOpenApiResponsesObject => ({
  ...successesOf(operation),
  ...refusalsOf(operation),
});
