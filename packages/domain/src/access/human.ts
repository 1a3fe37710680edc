import { ExecError } from '@xem/errors';
import type { VerbContext } from '../context.ts';

/** Lets humans through. `deed` completes "only a human …". @throws ExecError scope_insufficient */
export function assertHuman({ caller }: VerbContext, deed: string): void {
  if (caller.principal.kind === 'human') return;
  throw new ExecError('scope_insufficient', `only a human ${deed}; ${caller.principal.name} is a service`);
}
