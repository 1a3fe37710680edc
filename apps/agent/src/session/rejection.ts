import { ERROR_CATALOG, isErrorCode } from '@xem/errors';
import type { LinkLoss, Rejection } from '@xem/mesh';
import { BootError } from '../boot/boot-error.ts';

/** Refusals that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  'unavailable',
  'hello_timeout',
  'session_replaced',
  'bad_frames',
]);

/** What the router says in an open session to an agent that may not come back. */
const LAST_WORDS: ReadonlySet<string> = new Set(['agent_name_conflict', 'retired', 'evicted', 'banned']);

const fixOf = (code: string): string =>
  isErrorCode(code)
    ? ERROR_CATALOG[code].fix
    : 'The router does not know this agent any more: it was replaced, evicted or banned, or it is another router.';

function finalError({ code, message }: Rejection, stateDir: string): BootError {
  const again =
    `To enrol again, move ${stateDir} away and start with a new join key ` +
    '(`xeroctl agents join-keys create`).';
  return new BootError(code, `${code}: ${message}\n${fixOf(code)}\n${again}`);
}

const LOST_MEANWHILE: Rejection = {
  code: 'agent_name_conflict',
  message: 'another agent has the name of this one now; a person decided so while this one was away',
};

interface Knowledge {
  readonly stateDir: string;
  /** Whether another agent held the name when the router was last heard. */
  readonly isContested: boolean;
}

/** What to tell when the router does not let this agent in; null while it is worth trying on. */
export function rejectionError(rejection: Rejection, { stateDir, isContested }: Knowledge): BootError | null {
  if (PASSING.has(rejection.code)) return null;
  const isUnknown = rejection.code === 'curve_key_rejected';
  return finalError(isUnknown && isContested ? LOST_MEANWHILE : rejection, stateDir);
}

/** What to tell when the router ended a session for good; null when the line was merely lost. */
export const dismissalError = ({ welcomed, code, message }: LinkLoss, stateDir: string): BootError | null =>
  welcomed && LAST_WORDS.has(code) ? finalError({ code, message }, stateDir) : null;
