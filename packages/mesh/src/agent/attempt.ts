import type { Frame, WelcomeBody } from '@xem/protocol';
import type { Cancel } from '@xem/runtime';
import { isRouterFrame } from '../wire/direction.ts';
import { encodeFrame, readFrame, readHead } from '../wire/frame-codec.ts';
import { makeNonce } from '../wire/nonce.ts';
import type { DownReason, Parts } from '../wire/transport.ts';
import { zeromqNetwork } from '../zeromq/zeromq-network.ts';
import type { LinkLoss, RouterTime } from './contract.ts';
import { isRouterWelcome, signedHello, type ConnectionOptions, type Shaken } from './handshake.ts';
import { createOutbox, type Outbox } from './outbox.ts';

const HANDSHAKE_MS = 10_000;
const GOODBYE_LINGER_MS = 250;
const LISTENING = { from: 'router', socket: 'data' } as const;

const DOWN: Record<DownReason, string> = {
  unreachable: 'Nobody answers at the endpoint.',
  auth: 'The router does not admit this CURVE key.',
  protocol: 'The endpoint does not speak this protocol, or its CURVE key is not the pinned one.',
  disconnected: 'The connection is gone.',
};

/** One connection from its first packet to its end. */
export interface Attempt {
  readonly outbox: Outbox;
  readonly ended: Promise<LinkLoss>;
  step(): AttemptState['step'];
  routerTime(): RouterTime | null;
  leave(reason: string): Promise<void>;
}

interface AttemptState {
  step: 'connecting' | 'handshake' | 'open' | 'over';
  shaken: Shaken | null;
  routerTime: RouterTime | null;
  cancelTimeout: Cancel;
}

interface AttemptParts {
  readonly options: ConnectionOptions;
  readonly state: AttemptState;
  readonly agentNonce: string;
  readonly outbox: Outbox;
  readonly end: (code: string, message: string) => void;
}

function answerChallenge(parts: AttemptParts, { body }: Frame<'challenge'>): void {
  const { options, state, agentNonce, outbox } = parts;
  if (state.step !== 'connecting') return;
  state.step = 'handshake';
  state.shaken = { agentNonce, routerNonce: body.router_nonce };
  state.routerTime = { routerTime: body.router_time, receivedAt: options.clock.monotonic() };
  outbox.put(encodeFrame(signedHello(options, state.shaken)));
}

function takeWelcome({ options, state, end }: AttemptParts, welcome: WelcomeBody): void {
  const { shaken, routerTime } = state;
  if (state.step !== 'handshake' || shaken === null || routerTime === null) return;
  if (!isRouterWelcome(options, { welcome, shaken })) {
    return end('router_signature', 'The welcome is not signed by the router that the join key names.');
  }
  state.step = 'open';
  state.cancelTimeout();
  options.onWelcome(welcome, routerTime, options.curve.publicKey);
}

function take(parts: AttemptParts, frame: Frame): void {
  const { options, state, end } = parts;
  if (frame.kind === 'challenge') return answerChallenge(parts, frame);
  if (frame.kind === 'welcome') return takeWelcome(parts, frame.body);
  if (frame.kind === 'refused') return end(frame.body.code, frame.body.message);
  if (state.step !== 'open') return;
  if (frame.kind === 'goodbye') return end('goodbye', frame.body.reason);
  if (isRouterFrame(frame)) options.onFrame(frame);
}

const isProbe = (message: Parts): boolean => message.length === 1 && message[0]?.byteLength === 0;

function receive(parts: AttemptParts, message: Parts): void {
  if (parts.state.step === 'over' || isProbe(message)) return;
  const head = readHead(message, LISTENING);
  const frame = 'drop' in head ? head : readFrame(head.value);
  if ('drop' in frame) parts.options.log.warn('mesh.frame_dropped', { ...frame });
  else take(parts, frame.value);
}

/** A handler that throws is a fault of its own, and no reason to lose the line. */
function receiveSafely(parts: AttemptParts, message: Parts): void {
  try {
    receive(parts, message);
  } catch (error) {
    parts.options.log.error('mesh.handler_failed', { err: error });
  }
}

/** Connects to an endpoint and goes through the handshake; what comes of it is told to the options' handlers. */
export function openAttempt(options: ConnectionOptions, endpoint: string): Attempt {
  const { clock, ids, routerCurveKey, curve, network = zeromqNetwork } = options;
  const { promise: ended, resolve } = Promise.withResolvers<LinkLoss>();
  const state: AttemptState = { step: 'connecting', shaken: null, routerTime: null, cancelTimeout: () => {} };
  const end = (code: string, message: string): void => {
    if (state.step === 'over') return;
    const welcomed = state.step === 'open';
    state.step = 'over';
    state.cancelTimeout();
    outbox.close();
    socket.close(0);
    resolve({ code, message, welcomed });
  };
  const socket = network.dial({
    endpoint,
    routerCurveKey,
    curve,
    events: {
      message: (message) => receiveSafely(parts, message),
      down: (reason) => end(reason, DOWN[reason]),
    },
  });
  const outbox = createOutbox(socket);
  const parts: AttemptParts = { options, state, outbox, end, agentNonce: makeNonce(ids) };
  state.cancelTimeout = clock.after(HANDSHAKE_MS, () =>
    end('handshake_timeout', 'The router did not finish the handshake in time.'),
  );
  outbox.put(encodeFrame({ kind: 'connect', body: { v: 1, agent_nonce: parts.agentNonce } }));
  return {
    outbox,
    ended,
    step: () => state.step,
    routerTime: () => state.routerTime,
    leave: async (reason) => {
      if (state.step === 'open') outbox.put(encodeFrame({ kind: 'goodbye', body: { v: 1, reason } }));
      const cancel = clock.after(GOODBYE_LINGER_MS, () => outbox.close());
      await outbox.emptied();
      cancel();
      socket.close(GOODBYE_LINGER_MS);
      end('closed', reason);
    },
  };
}
