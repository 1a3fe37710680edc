import { ExecError } from '@xem/errors';
import type { Governed, ProjectContext, VerbContext } from './context.ts';

const isVerbContext = (ctx: ProjectContext): ctx is VerbContext => 'caller' in ctx;

function holds(ctx: ProjectContext, { scope }: Governed): boolean {
  if (!isVerbContext(ctx)) return scope === 'internal';
  if (scope === 'internal' || scope === 'none') return false;
  const { scopes } = ctx.caller.credential;
  return scope === 'any' ? scopes.size > 0 : scopes.has(scope);
}

/** Lets a context through that may run an operation. @throws ExecError scope_insufficient */
export function assertScope(ctx: ProjectContext, operation: Governed): void {
  if (holds(ctx, operation)) return;
  throw new ExecError('scope_insufficient', `${operation.id} needs a key with the scope ${operation.scope}`);
}
