import { z85Decode } from '../key/z85.ts';
import { encodeFrame } from '../wire/frame-codec.ts';
import { openAttempt, type Attempt } from './attempt.ts';
import { createBackoff, type Backoff } from './backoff.ts';
import type { AgentLink, AgentLinkOptions, LinkLoss, LinkState } from './contract.ts';
import { createCourse, type Course } from './course.ts';

/** A session that lasted this long starts the waits between tries anew. */
const SETTLED_MS = 5000;

interface LinkProgress {
  attempt: Attempt | null;
  readonly course: Course;
  readonly backoff: Backoff;
}

interface Ended {
  readonly loss: LinkLoss;
  readonly lastedMs: number;
}

/** How long to wait before the next try. */
function pauseMs({ backoff, course }: LinkProgress, { loss, lastedMs }: Ended): number {
  if (loss.code === 'goodbye') backoff.expectSoon();
  if (loss.welcomed && lastedMs >= SETTLED_MS) backoff.reset();
  return course.isRoundOver() ? backoff.nextMs() : 0;
}

async function keepOpen(
  options: AgentLinkOptions,
  progress: LinkProgress,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = options;
  while (!signal.aborted) {
    const { endpoint, curve } = progress.course.next();
    const startedAt = clock.monotonic();
    progress.attempt = openAttempt({ ...options, curve }, endpoint);
    const loss = await progress.attempt.ended;
    progress.attempt = null;
    if (signal.aborted) return;
    log.info('mesh.link_lost', { endpoint, ...loss });
    options.onLost(loss);
    const rejection = progress.course.judge(loss);
    if (rejection !== null) options.onRejected(rejection);
    if (signal.aborted) return;
    const waitMs = pauseMs(progress, { loss, lastedMs: clock.monotonic() - startedAt });
    if (waitMs > 0) await clock.sleep(waitMs, signal).catch(() => undefined);
  }
}

function stateOf({ attempt }: LinkProgress, signal: AbortSignal): LinkState {
  if (signal.aborted) return 'closed';
  const step = attempt?.step() ?? 'over';
  return step === 'over' ? 'waiting' : step;
}

/**
 * Opens an agent's line to its router: returns at once, connects and reconnects by itself until closed.
 * @throws RangeError when there is no endpoint or the router's CURVE key is not one
 */
export function openAgentLink(options: AgentLinkOptions): AgentLink {
  const { clock, endpoints, routerCurveKey } = options;
  if (endpoints.length === 0) throw new RangeError('a link needs an endpoint');
  if (z85Decode(routerCurveKey).byteLength !== 32) throw new RangeError('a CURVE key has 32 bytes');
  const progress: LinkProgress = {
    attempt: null,
    course: createCourse(options),
    backoff: createBackoff(options),
  };
  const stop = new AbortController();
  let latest: ReturnType<Attempt['routerTime']> = null;
  const running = keepOpen(
    {
      ...options,
      onWelcome: (welcome, time, curveKey) => {
        latest = time;
        options.onWelcome(welcome, time, curveKey);
      },
    },
    progress,
    stop.signal,
  );
  const openOutbox = () => (progress.attempt?.step() === 'open' ? progress.attempt.outbox : null);
  return {
    send: (frame) => {
      const outbox = openOutbox();
      if (outbox === null) return 'down';
      return outbox.put(encodeFrame(frame)) ? 'sent' : 'full';
    },
    writable: async () => (await openOutbox()?.room()) ?? false,
    state: () => stateOf(progress, stop.signal),
    routerNow: () => (latest === null ? null : latest.routerTime + (clock.monotonic() - latest.receivedAt)),
    reconnect: (reason) => {
      if (openOutbox() !== null) void progress.attempt?.leave(reason);
    },
    close: async (reason = 'the agent stops') => {
      stop.abort();
      await progress.attempt?.leave(reason);
      await running;
    },
  };
}
