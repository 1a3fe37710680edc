import { ExecError } from '@xem/errors';
import { hashJson, updatePrincipal, type ParsedInputOf, type Principal } from '@xem/protocol';
import type { PrincipalRecord, WriteTx } from '@xem/store';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { cancelCallsOf } from '../invocation/revoke-requester.ts';
import { mutate, type Fact } from '../mutate.ts';
import { loadPrincipal } from './load.ts';
import { presentPrincipal } from './present.ts';

type Update = ParsedInputOf<typeof updatePrincipal>;

/** Whether somebody is in a group that they were not in, or may act who might not. */
const isEmpowered = (before: PrincipalRecord, after: PrincipalRecord): boolean =>
  (before.disabled && !after.disabled) || after.groups.some((group) => !before.groups.includes(group));

function updated(row: PrincipalRecord, { name, groups, disabled }: Update, now: number): PrincipalRecord {
  const after = {
    ...row,
    name: name ?? row.name,
    groups: groups ?? row.groups,
    disabled: disabled ?? row.disabled,
  };
  return isEmpowered(row, after) ? { ...after, empoweredAt: now } : after;
}

const principalUpdated = ({ id, name, groups, disabled }: PrincipalRecord): Fact => ({
  type: 'principal.updated',
  subject: { type: 'principal', id },
  data: { name, groups, disabled },
});

/** Ends what a principal has open and cancels what it asked for and waits. @throws ExecError invalid_state */
async function shutOut(ctx: VerbContext, tx: WriteTx, { id }: PrincipalRecord): Promise<readonly Fact[]> {
  const now = ctx.clock.now();
  if ((await tx.access.countManagersBut(ctx.projectId, id, now)) === 0) {
    const message = 'nobody would be left who manages the project: no other human has a key with management';
    throw new ExecError('invalid_state', message);
  }
  await tx.access.removeBrowserSessionsOf({ principalId: id }, now);
  await tx.access.removeSignInLinksOf(id);
  return cancelCallsOf(ctx, tx, { principalId: id });
}

/**
 * Changes a principal. One that is disabled loses its sessions, its streams and what it waits for; its keys open
 * nothing until it is enabled. @throws ExecError scope_insufficient for a service, principal_not_found, invalid_state
 */
export const update = (ctx: VerbContext, input: Update): Promise<Principal> =>
  mutate(ctx, updatePrincipal, async (tx) => {
    assertHuman(ctx, 'changes principals');
    const before = await loadPrincipal(ctx, tx.access, input);
    const after = updated(before, input, ctx.clock.now());
    const result = presentPrincipal(after);
    if (hashJson(result) === hashJson(presentPrincipal(before))) return { result, facts: [] };
    const ends = after.disabled && !before.disabled ? await shutOut(ctx, tx, before) : [];
    await tx.access.savePrincipal(after);
    return { result, facts: [principalUpdated(after), ...ends] };
  });
