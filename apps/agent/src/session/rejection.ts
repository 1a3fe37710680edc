import type { Rejection } from '@xem/mesh';
import type { ConflictBody } from '@xem/protocol';
import type { z } from 'zod';
import { BootError } from '../boot/boot-error.ts';

/** Refusals that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  'unavailable',
  'hello_timeout',
  'session_replaced',
  'bad_frames',
]);

/** What to tell when the router does not let this agent in; null while it is worth trying on. */
export function rejectionError({ code, message }: Rejection, stateDir: string): BootError | null {
  if (PASSING.has(code)) return null;
  const fix =
    'The router does not know this agent any more: it was replaced, evicted or banned, or it is another router. ' +
    `To enrol again, move ${stateDir} away and start with a new join key (\`xeroctl agents join-keys create\`).`;
  return new BootError(code, `${code}: ${message}\n${fix}`);
}

/** What to tell when two agents are online under one name. */
export function conflictError(conflict: z.infer<typeof ConflictBody>): BootError {
  const { code, message, operator_action, incumbent_fingerprint, challenger_fingerprint } = conflict;
  const fingerprints = `incumbent ${incumbent_fingerprint}, challenger ${challenger_fingerprint}`;
  return new BootError(code, `${code}: ${message}\n${fingerprints}\n${operator_action}`);
}
