import { z85Decode } from '../key/z85.ts';
import { encodeFrame } from '../wire/frame-codec.ts';
import { openAttempt, type Attempt } from './attempt.ts';
import { createBackoff } from './backoff.ts';
import type { AgentLink, AgentLinkOptions, LinkLoss, LinkState } from './contract.ts';

/** A session that lasted this long starts the waits between tries anew. */
const SETTLED_MS = 5000;
const AUTH_FAILURES = 3;

const KEY_REJECTED = {
  code: 'curve_key_rejected',
  message: 'The router does not admit the CURVE key of this agent.',
};

interface LinkProgress {
  attempt: Attempt | null;
  authFailures: number;
}

/** Codes that the attempt gives itself; every other one is the word of a `refused`. */
const OWN_CODES: ReadonlySet<string> = new Set([
  'unreachable',
  'auth',
  'protocol',
  'disconnected',
  'handshake_timeout',
  'router_signature',
  'goodbye',
  'closed',
]);

function judge(options: AgentLinkOptions, progress: LinkProgress, loss: LinkLoss): void {
  const { code, message, welcomed } = loss;
  options.onLost(loss);
  if (!welcomed && !OWN_CODES.has(code)) options.onRejected({ code, message });
  progress.authFailures = code === 'auth' ? progress.authFailures + 1 : 0;
  if (progress.authFailures < AUTH_FAILURES) return;
  progress.authFailures = 0;
  options.onRejected(KEY_REJECTED);
}

async function keepOpen(
  options: AgentLinkOptions,
  progress: LinkProgress,
  signal: AbortSignal,
): Promise<void> {
  const { clock, endpoints, ids, log } = options;
  const backoff = createBackoff(ids);
  for (let round = 0; !signal.aborted; round += 1) {
    const endpoint = endpoints[round % endpoints.length] ?? '';
    const startedAt = clock.monotonic();
    progress.attempt = openAttempt(options, endpoint);
    const loss = await progress.attempt.ended;
    progress.attempt = null;
    if (signal.aborted) return;
    log.info('mesh.link_lost', { endpoint, ...loss });
    if (loss.welcomed && clock.monotonic() - startedAt >= SETTLED_MS) backoff.reset();
    judge(options, progress, loss);
    if (signal.aborted) return;
    await clock.sleep(backoff.nextMs(), signal).catch(() => undefined);
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
  const progress: LinkProgress = { attempt: null, authFailures: 0 };
  const stop = new AbortController();
  let latest: ReturnType<Attempt['routerTime']> = null;
  const running = keepOpen(
    { ...options, onWelcome: (welcome, time) => ((latest = time), options.onWelcome(welcome, time)) },
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
    close: async (reason = 'the agent stops') => {
      stop.abort();
      await progress.attempt?.leave(reason);
      await running;
    },
  };
}
