import type { VerbContext } from '@xem/domain';
import { ExecError } from '@xem/errors';
import type { Operation } from '@xem/protocol';
import type { Hono } from 'hono';
import type { z } from 'zod';
import { admission } from './admit.ts';
import { answerError, answerJson, openHeaders, toRefusal } from './answer.ts';
import type { Admitted, Edge, Exchange, HttpContext, HttpEnv } from './edge.ts';
import { identify } from './identify.ts';
import { inputReader, inputRefuser, takesBody } from './input.ts';
import { assertLength, readBody, textOf } from './middleware/body.ts';
import { idempotencyKeyOf, surfaceOf } from './middleware/headers.ts';
import { assertProject } from './middleware/reach.ts';
import { requestIdOf } from './middleware/request-id.ts';
import { traceOf } from './request-span.ts';
import { noteAnswer } from './trail.ts';

/** What a verb is: a context and a parsed input in, an answer out. */
export type Verb<Input extends z.ZodObject, Result> = (
  ctx: VerbContext,
  input: z.output<Input>,
) => Promise<Result>;

/** Writes the answer of an operation whose answer is more than its verb's result as JSON. */
export type Answer<Result, Input = unknown> = (
  request: Admitted,
  result: Result,
  input: Input,
) => Promise<Response> | Response;

/** An operation and what runs it, types settled: what `bind` mounts. */
export interface Binding {
  readonly operation: Operation;
  /** What a request goes through, made once for each edge. */
  readonly gate: (edge: Edge) => Gate;
}

/** Answers one request; `prefix` is the project its path names, null on the mount that names none. */
type Gate = (exchange: Exchange, prefix: string | null) => Promise<Response>;

type Run = (request: Admitted, body: string | null) => Promise<Response>;

/** Reads its input whole; a verb that answers an array where the schema has one may answer a read-only one. */
type Loose<T> = T extends readonly (infer Item)[]
  ? readonly Loose<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Loose<T[Key]> }
    : T;

/** Refuses a body that names another project than the key's. @throws ExecError project_mismatch */
function assertSameProject(input: object, { projectId }: VerbContext): void {
  if (!('project_id' in input) || input.project_id === undefined || input.project_id === projectId) return;
  const param = '/project_id';
  throw new ExecError('project_mismatch', 'project_id is not the project of the key', { param });
}

/** Makes what reads and checks the input of an operation. */
function inputParser<Input extends z.ZodObject>(
  operation: Operation<Input>,
): (c: HttpContext, body: string | null) => z.output<Input> {
  const read = inputReader(operation);
  const refuse = inputRefuser(operation);
  return (c, body) => {
    const given = read(c, body);
    const parsed = operation.input.safeParse(given);
    if (!parsed.success) throw refuse(parsed.error.issues, given);
    return parsed.data;
  };
}

/** Binds an operation whose answer `answer` writes: for waits, streams and bytes. */
export function answered<Input extends z.ZodObject, Result>(
  operation: Operation<Input>,
  verb: Verb<Input, Result>,
  answer: Answer<Result, z.output<Input>>,
): Binding {
  const parse = inputParser(operation);
  const run: Run = async (request, body) => {
    const input = parse(request.c, body);
    assertSameProject(input, request.ctx);
    return answer(request, await verb(request.ctx, input), input);
  };
  return { operation, gate: (edge) => gateOf(edge, operation, run) };
}

/** Binds an operation that answers its verb's result as JSON, with the status of its row. */
export function bound<Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  verb: Verb<Input, Loose<z.output<Output>>>,
): Binding {
  const status = operation.status ?? 200;
  return answered(operation, verb, (request, result) => answerJson(request, status, result));
}

/** Binds an operation that needs no key and takes no input. */
export function published<Output extends z.ZodType>(
  operation: Operation<z.ZodObject, Output>,
  verb: () => Promise<Loose<z.output<Output>>>,
): Binding {
  const parse = inputParser(operation);
  const gate = (edge: Edge): Gate => {
    return async (exchange) => {
      assertOpen(edge, exchange.c);
      parse(exchange.c, null);
      return answerJson(exchange, 200, await verb());
    };
  };
  return { operation, gate };
}

/** Starts the answer to a request: its id, and the headers that go out whatever happens. */
export function openExchange(edge: Edge, c: HttpContext): Exchange {
  const requestId = requestIdOf(c.req.header('x-request-id'), edge.services.ids);
  const trail = { cameAt: edge.services.clock.monotonic(), trace: traceOf(edge, c) };
  const accessSeq = edge.feed.accessSeq();
  return { edge, c, requestId, headers: openHeaders(requestId), trail, accessSeq };
}

/** What is refused before anything is read. @throws ExecError unavailable, payload_too_large */
function assertOpen({ refusing, bodyBytesMax }: Edge, c: HttpContext): void {
  if (refusing.aborted)
    throw new ExecError('unavailable', 'the router is stopping', { retryAfterSeconds: 2 });
  assertLength(c, bodyBytesMax);
}

/** The checks of a request before its verb, in the order that is promised. The first that fails answers. */
function gateOf(edge: Edge, operation: Operation, run: Run): Gate {
  const admit = admission(operation);
  const readsBody = takesBody(operation);
  const takesKey = operation.headers?.includes('Idempotency-Key') ?? false;
  return async (exchange, prefix) => {
    const { c } = exchange;
    assertOpen(edge, c);
    const body = readsBody ? await readBody(c, edge.bodyBytesMax) : null;
    const caller = await identify(exchange);
    exchange.trail.projectId = caller.project.id;
    exchange.trail.keyId = caller.credential.keyId;
    if (prefix !== null) assertProject(prefix, caller);
    const request = await admit(exchange, caller, surfaceOf(c.req.header('x-xem-surface')));
    const idempotencyKey = takesKey ? idempotencyKeyOf(c.req.header('idempotency-key')) : null;
    const ctx = idempotencyKey === null ? request.ctx : { ...request.ctx, idempotencyKey };
    return run({ ...request, ctx }, body && textOf(body));
  };
}

/** Mounts an operation below `/v1` and below `/:project_id/v1`. A route holds no logic of its own. */
export function bind(app: Hono<HttpEnv>, edge: Edge, binding: Binding): void {
  const { id: operation, method, path } = binding.operation;
  const pass = binding.gate(edge);
  const answer = async (exchange: Exchange, prefix: string | null): Promise<Response> => {
    try {
      return await pass(exchange, prefix);
    } catch (err) {
      exchange.trail.code = toRefusal(err).code;
      return answerError(edge, exchange, err);
    }
  };
  const serve = async (c: HttpContext, prefix: string | null): Promise<Response> => {
    const exchange = openExchange(edge, c);
    const response = await answer(exchange, prefix);
    noteAnswer(edge, exchange, { operation, method, path, status: response.status });
    return response;
  };
  app.on(method, `/v1${path}`, (c) => serve(c, null));
  app.on(method, `/:project_id/v1${path}`, (c) => serve(c, c.req.param('project_id') ?? ''));
}
