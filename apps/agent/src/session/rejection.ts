import { join } from 'node:path';
import { ERROR_CATALOG, isErrorCode } from '@xem/errors';
import type { LinkLoss, Rejection } from '@xem/mesh';
import { isLastRefusal, PASSING_REFUSALS, type LastRefusal } from '@xem/protocol';
import { BootError } from '../boot/boot-error.ts';

/** Refusals that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(PASSING_REFUSALS);

const AGAIN = 'start with a new join key (`xeroctl agents join-keys create`)';

const newKeys = (stateDir: string): string =>
  `To enrol again with new keys, move ${stateDir} away and ${AGAIN}.`;

const sameKeys = (stateDir: string): string =>
  `To enrol again, delete ${join(stateDir, 'identity.json')} and ${AGAIN}; its keys may stay.`;

/** What the router says in an open session to an agent that may not come back as it is, and what can be done then. */
const LAST_WORDS: Readonly<Record<LastRefusal, (stateDir: string) => string>> = {
  agent_name_conflict: (stateDir) => `${ERROR_CATALOG.agent_name_conflict.fix}\n${sameKeys(stateDir)}`,
  evicted: sameKeys,
  retired: newKeys,
  deleted: newKeys,
  credentials_revoked: (stateDir) =>
    `The keys of this host may be known to others and are worth nothing any more.\n${newKeys(stateDir)}`,
  banned: () => 'Its keys may never enrol again. Ask the people who run the mesh before anything else.',
};

function fixOf(code: string, stateDir: string): string {
  if (isLastRefusal(code)) return LAST_WORDS[code](stateDir);
  const why = isErrorCode(code)
    ? ERROR_CATALOG[code].fix
    : 'The router does not know this agent any more: it was replaced, evicted or banned, or it is another router.';
  return `${why}\n${newKeys(stateDir)}`;
}

const finalError = ({ code, message }: Rejection, stateDir: string): BootError =>
  new BootError(code, `${code}: ${message}\n${fixOf(code, stateDir)}`);

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
  welcomed && isLastRefusal(code) ? finalError({ code, message }, stateDir) : null;
