import { invocation, type Admission } from '@xem/domain';
import { ExecError } from '@xem/errors';
import { INVOCATION_TERMINAL, type Invocation } from '@xem/protocol';
import { answerJson } from './answer.ts';
import type { Answer } from './bind.ts';
import type { Admitted } from './edge.ts';
import { waitSecondsOf } from './middleware/headers.ts';
import { markReplayed } from './replay.ts';
import { watchCaller } from './watch-caller.ts';

/** A reason of its own spares every wait the making of an error nobody sees. */
const WAIT_OVER = 'wait over';

const hasEnded = ({ status }: Pick<Invocation, 'status'>): boolean => INVOCATION_TERMINAL.has(status);

/**
 * Waits for the end of an invocation, the end of the time, of the client or of the router, whichever is first.
 * @throws ExecError authentication_required, endpoint_restricted when the caller loses the right to it meanwhile
 */
async function untilEnd(
  request: Admitted,
  waiting: { id: Invocation['id']; seconds: number; check: boolean },
): Promise<boolean> {
  const { ctx, c, edge } = request;
  const stop = new AbortController();
  const giveUp = (): void => stop.abort(WAIT_OVER);
  let refusal: ExecError | null = null;
  const refuse = (given: ExecError): void => {
    refusal = given;
    giveUp();
  };
  const gone = c.req.raw.signal;
  const settled = ctx.settlements.wait(waiting.id, stop.signal);
  const cancelTimer = ctx.clock.after(waiting.seconds * 1000, giveUp);
  const watch = watchCaller(request, refuse);
  gone.addEventListener('abort', giveUp);
  edge.draining.addEventListener('abort', giveUp);
  try {
    if (waiting.check && hasEnded(await invocation.get(ctx, { id: waiting.id }))) return true;
    const ended = await settled;
    await watch.checked();
    if (refusal) throw refusal;
    return ended;
  } finally {
    cancelTimer();
    watch.stop();
    giveUp();
    gone.removeEventListener('abort', giveUp);
    edge.draining.removeEventListener('abort', giveUp);
  }
}

/**
 * The invocation at its end, with its output, or as it is when the time ran out. `check` looks at the state once
 * more after subscribing; a call that this request has just created cannot have ended before.
 */
async function awaitEnd(
  request: Admitted,
  call: Invocation,
  { seconds, check }: { seconds: number; check: boolean },
): Promise<Invocation> {
  const { id } = call;
  if (!hasEnded(call)) await untilEnd(request, { id, seconds, check });
  request.headers['preference-applied'] = `wait=${seconds}`;
  return invocation.get(request.ctx, { id, include: 'output' });
}

/** Answers a call that was let in, at once or, with `Prefer: wait`, at its end. @throws ExecError cancelled */
export const answerAdmission: Answer<Admission> = async (request, { kind, body }) => {
  if (kind === 'planned') return answerJson(request, 200, body);
  request.headers['location'] = `/v1/exec/invocations/${body.id}`;
  if (kind === 'replayed') markReplayed(request);
  const seconds = waitSecondsOf(request.c.req.header('prefer'));
  if (seconds === null) return answerJson(request, kind === 'created' ? 201 : 200, body);
  const call = await awaitEnd(request, body, { seconds, check: kind === 'replayed' });
  if (call.status === 'cancelled') {
    throw new ExecError(
      'cancelled',
      `invocation ${call.id} was cancelled: ${call.error?.message ?? 'before it completed'}`,
    );
  }
  return answerJson(request, hasEnded(call) ? 200 : 202, call);
};

/** Answers the state of an invocation, after a wait for its end if one was asked for. */
export const answerInvocation: Answer<Invocation> = async (request, body) => {
  const seconds = waitSecondsOf(request.c.req.header('prefer'));
  if (seconds === null) return answerJson(request, 200, body);
  return answerJson(request, 200, await awaitEnd(request, body, { seconds, check: true }));
};

/** Answers a cancel: 202 as long as the call is being stopped. */
export const answerCancel: Answer<Invocation> = (request, body) =>
  answerJson(request, body.status === 'cancelled' ? 200 : 202, body);
