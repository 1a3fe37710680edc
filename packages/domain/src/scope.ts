import { ExecError } from '@xem/errors';
import type { Governed, VerbContext, WriteContext } from './context.ts';

/** Whether somebody asked for it, and not the router itself. */
export const isVerbContext = (ctx: WriteContext): ctx is VerbContext => 'caller' in ctx;

function holds(ctx: WriteContext, { scope }: Governed): boolean {
  if (!isVerbContext(ctx)) return scope === 'internal';
  if (scope === 'internal' || scope === 'none') return false;
  const { scopes } = ctx.caller.credential;
  return scope === 'any' ? scopes.size > 0 : scopes.has(scope);
}

/** Lets a context through that may run an operation. @throws ExecError scope_insufficient */
export function assertScope(ctx: WriteContext, operation: Governed): void {
  if (holds(ctx, operation)) return;
  throw new ExecError('scope_insufficient', `${operation.id} needs a key with the scope ${operation.scope}`);
}
