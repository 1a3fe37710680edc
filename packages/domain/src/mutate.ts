import { ExecError } from '@xem/errors';
import type { EntryData, EntryRefs, EntryType } from '@xem/protocol';
import { EntryId } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { EntryDraft, WriteTx } from '@xem/store';
import type { Governed, WriteContext } from './context.ts';
import { assertScope, isVerbContext } from './scope.ts';

/** What a verb tells the journal in an entry of a type: no arguments, no output, no secrets. */
export interface FactOf<Type extends EntryType> {
  readonly type: Type;
  readonly subject: { readonly type: string; readonly id: string };
  readonly refs?: EntryRefs;
  readonly data: EntryData<Type>;
}

/** What a verb tells the journal, in an entry of any type. */
export type Fact = { readonly [Type in EntryType]: FactOf<Type> }[EntryType];

/** What the body of a `mutate` comes back with. */
export interface Change<Result> {
  readonly result: Result;
  readonly facts: readonly Fact[];
  /** Changes of memory that must not happen before the commit. */
  readonly committed?: () => void;
}

const toDraft = (ctx: WriteContext, at: string, fact: Fact): EntryDraft => ({
  id: EntryId.parse(`evt_${ctx.ids.hex()}`),
  at,
  project_id: ctx.projectId,
  type: fact.type,
  actor: ctx.actor,
  key_id: ctx.keyId,
  surface: ctx.surface,
  request_id: ctx.requestId,
  subject: fact.subject,
  refs: fact.refs ?? {},
  data: fact.data,
});

/**
 * Refuses whoever lost their key since the request came in: a revocation that was committed before this change is
 * obeyed by it. @throws ExecError authentication_required
 */
async function assertKeyHolds(ctx: WriteContext, tx: WriteTx): Promise<void> {
  if (!isVerbContext(ctx) || (await tx.access.isUsable(ctx.keyId, ctx.clock.now()))) return;
  throw new ExecError('authentication_required');
}

/**
 * The only door to a write: checks the scope, runs the change and writes its journal entries in one transaction.
 * The body awaits nothing but its `tx`.
 * @throws ExecError scope_insufficient, authentication_required, unavailable, and what the body throws
 */
export async function mutate<Result>(
  ctx: WriteContext,
  operation: Governed,
  body: (tx: WriteTx) => Promise<Change<Result>>,
): Promise<Result> {
  assertScope(ctx, operation);
  const change = await ctx.store.transact(async (tx) => {
    await assertKeyHolds(ctx, tx);
    const changed = await body(tx);
    if (changed.facts.length > 0) {
      const at = toTimestamp(ctx.clock.now());
      await tx.journal.append(changed.facts.map((fact) => toDraft(ctx, at, fact)));
    }
    return changed;
  });
  change.committed?.();
  return change.result;
}

/** A change that belongs to no project and that the journal need not hear of: putting away what nobody can see any more. */
export const upkeep = <Result>(
  { store }: Pick<WriteContext, 'store'>,
  body: (tx: WriteTx) => Promise<Result>,
): Promise<Result> => store.transact(body);
