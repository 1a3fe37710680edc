import type { CurvePair } from '../key/curve.ts';
import type { AgentLinkOptions, LinkLoss, Rejection } from './contract.ts';

const AUTH_FAILURES = 3;

const KEY_REJECTED: Rejection = {
  code: 'curve_key_rejected',
  message: 'The router does not admit the CURVE key of this agent.',
};

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

/** Losses that speak against the CURVE key, or against the router's knowing it any more. */
const AGAINST_KEY: ReadonlySet<string> = new Set(['auth', 'hello_refused']);

/** Which endpoint is dialled next and with which key. */
export interface Course {
  next(): { readonly endpoint: string; readonly curve: CurvePair };
  /** Learns from how a connection ended. Answers what the application must hear, if anything. */
  judge(loss: LinkLoss): Rejection | null;
  /** Whether everything was tried since the last wait, so that the next one is due. */
  isRoundOver(): boolean;
}

interface CourseState {
  endpoint: number;
  /** Refused keys since the last welcome. */
  refusals: number;
  /** Of them, failed authentications: their number decides, whatever else failed between. */
  authFailures: number;
  /** Endpoints that gave no session since the last wait. */
  failedEndpoints: number;
  isRoundOver: boolean;
}

function countRefusal(state: CourseState, code: string, keys: number): Rejection | 'other_key' | null {
  state.refusals += 1;
  if (code === 'auth') state.authFailures += 1;
  if (state.authFailures >= AUTH_FAILURES * keys) {
    state.authFailures = 0;
    return KEY_REJECTED;
  }
  return state.refusals % keys === 0 ? null : 'other_key';
}

function nextEndpoint(state: CourseState, endpoints: number): void {
  state.endpoint += 1;
  state.failedEndpoints += 1;
  if (state.failedEndpoints < endpoints) return;
  state.failedEndpoints = 0;
  state.isRoundOver = true;
}

/**
 * Goes through the endpoints, and at each through the keys. A key that is refused is followed by the next one at
 * once; only when all were refused does that say anything of the agent.
 */
export function createCourse({ endpoints, curves }: Pick<AgentLinkOptions, 'endpoints' | 'curves'>): Course {
  const state: CourseState = {
    endpoint: 0,
    refusals: 0,
    authFailures: 0,
    failedEndpoints: 0,
    isRoundOver: false,
  };
  const judgeFailure = ({ code, message }: LinkLoss): Rejection | null => {
    const counted = AGAINST_KEY.has(code) ? countRefusal(state, code, curves().length) : null;
    if (counted === 'other_key') return null;
    nextEndpoint(state, endpoints.length);
    return counted ?? (OWN_CODES.has(code) ? null : { code, message });
  };
  return {
    next: () => {
      const keys = curves();
      const curve = keys[state.refusals % keys.length];
      const endpoint = endpoints[state.endpoint % endpoints.length];
      if (curve === undefined || endpoint === undefined) throw new RangeError('a link needs a CURVE pair');
      state.isRoundOver = false;
      return { endpoint, curve };
    },
    judge: (loss) => {
      if (!loss.welcomed) return loss.code === 'closed' ? null : judgeFailure(loss);
      state.refusals = 0;
      state.authFailures = 0;
      state.failedEndpoints = 0;
      state.isRoundOver = loss.code !== 'closed';
      return null;
    },
    isRoundOver: () => state.isRoundOver,
  };
}
