import { ExecError } from '@xem/errors';
import type { VerbContext } from '../context.ts';

/** Lets those through who may read the journal: managers, and humans who may execute. @throws ExecError scope_insufficient */
export function assertMayRead({ caller }: VerbContext): void {
  const { principal, credential } = caller;
  if (credential.scopes.has('management')) return;
  if (principal.kind === 'human' && credential.scopes.has('execution')) return;
  const message = 'the journal needs a key with the scope management, or a human’s with the scope execution';
  throw new ExecError('scope_insufficient', message);
}
