import { OPERATIONS, pathParameters } from '@xem/protocol';
import { z } from 'zod';
import type { Answer, Request } from '../harness/api.ts';
import { send, type Caller } from '../load/caller.ts';

/** What somebody wanted to do was refused, or nobody answered: what comes after it makes no sense. */
export class UndoneError extends Error {
  override readonly name = 'UndoneError';
}

const PAUSE_MS = 200;
const TRIES = 15;

/** What was held up is let go on, whatever it takes. */
const INSISTENT_TRIES = 450;

const Thing = z.looseObject({ id: z.string().optional() });

type Input = Readonly<Record<string, unknown>>;

/** A request for an operation of the document, as the first human of the project. */
function requestFor({ tenant }: Caller, id: string, input: Input): Request {
  const operation = OPERATIONS.find((row) => row.id === id);
  if (!operation) throw new Error(`there is no operation ${id}`);
  const inPath = pathParameters(operation.path);
  const path = `/v1${operation.path.replaceAll(/:(\w+)/g, (_, name: string) => String(input[name]))}`;
  const others = Object.entries(input).filter(([name]) => !inPath.includes(name));
  const query = new URLSearchParams(others.map(([name, value]): [string, string] => [name, String(value)]));
  const { method } = operation;
  const [key] = tenant.humans;
  return method === 'GET' || method === 'DELETE'
    ? { method, path: `${path}?${query.toString()}`, key }
    : { method, path, key, body: Object.fromEntries(others) };
}

async function answerTo(me: Caller, request: Request, tries: number): Promise<Answer> {
  for (let round = 0; round < tries; round += 1) {
    const answer = await send(me, request);
    if (answer && answer.status < 500) return answer;
    await me.mesh.clock.sleep(PAUSE_MS);
  }
  throw new UndoneError(`${request.path}: nobody answered`);
}

/** Carries out an operation, again until there is an answer. @throws UndoneError when it is refused, or nobody answers */
export async function operate(me: Caller, id: string, input: Input = {}): Promise<z.infer<typeof Thing>> {
  const { status, body } = await answerTo(me, requestFor(me, id, input), TRIES);
  if (status >= 400) throw new UndoneError(`${id} was answered ${status}`);
  return Thing.parse(body ?? {});
}

/** The same, and answers the id of what it made. @throws UndoneError */
export const idOf = async (me: Caller, id: string, input: Input = {}): Promise<string> =>
  (await operate(me, id, input)).id ?? '';

/** Holds something up, and lets it go on for certain. @throws UndoneError */
export async function holdUp(me: Caller, noun: string, input: Input = {}): Promise<void> {
  try {
    await operate(me, `${noun}.pause`, { ...input, reason: 'for a moment' });
  } finally {
    await answerTo(me, requestFor(me, `${noun}.resume`, input), INSISTENT_TRIES);
  }
}
