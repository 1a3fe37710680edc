import { ROUTES } from '@xem/client';
import { prefixedForm, PRINCIPAL_KINDS, type Principal } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import type { Session } from '../../session.ts';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { argument, choice, duration, flag, many, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { readScopes, SCOPE_FLAG } from './scopes.ts';

const COLUMNS: readonly Column<Principal>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Kind', of: ({ kind }) => kind },
  { title: 'Name', of: ({ name }) => name, elastic: true },
  { title: 'Groups', of: ({ groups }) => groups.join(','), elastic: true },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Disabled', of: ({ disabled }) => disabled, wide: true },
];

const FIRST = { first: ['id', 'kind', 'name', 'groups', 'disabled'], none: { groups: 'none' } };
const ARGS = { id: argument('PRINCIPAL-ID', 'The id of the human or service', prefixedForm('prn')) };
const NO_GROUP = 'none';

const SIGN_IN_FLAGS = {
  scope: SCOPE_FLAG,
  canDecide: flag('The first key of the human may decide approvals'),
  expiresIn: duration('How long the sign-in link is good; a day unless said, and at most'),
};

interface SignInFlags {
  readonly scope: readonly string[] | undefined;
  readonly canDecide: true | undefined;
  readonly expiresIn: number | undefined;
}

const isGiven = (flags: SignInFlags): boolean =>
  flags.scope !== undefined || flags.canDecide !== undefined || flags.expiresIn !== undefined;

const signInOf = ({ scope, canDecide, expiresIn }: SignInFlags) => ({
  scopes: scope && readScopes(scope),
  can_decide: canDecide,
  expires_in_seconds: expiresIn === undefined ? undefined : Math.ceil(expiresIn / 1000),
});

const LINK_HINT = 'Hand the link over in person: whoever opens it first is in. It is not shown again.';

export const list = command({
  flags: PAGING,
  run: async (session) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['principal.list'], request);
      return data;
    });
    await session.print.list(page, COLUMNS);
  },
});

export const show = command({
  args: ARGS,
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['principal.get'], { id: args.id });
    await session.print.object(data, FIRST);
  },
});

export const create = command({
  about: 'A human gets a one-time sign-in link, shown once, that hands out their first key.',
  flags: {
    kind: choice(PRINCIPAL_KINDS, 'A person, or a program'),
    group: many('NAME', 'A group it belongs to'),
    ...SIGN_IN_FLAGS,
  },
  args: { name: argument('NAME', 'What to call it') },
  run: async (session, { flags, args }) => {
    const { kind, group } = flags;
    if (kind === undefined) throw new UsageError(`give --kind one of ${PRINCIPAL_KINDS.join(', ')}`);
    const input = { kind, name: args.name, groups: group && [...group] };
    const signIn = isGiven(flags) ? { sign_in: signInOf(flags) } : {};
    const { data } = await session.call(ROUTES['principal.create'], { ...input, ...signIn });
    await session.print.object(data, { first: ['id', 'kind', 'name', 'sign_in_link'] });
    await session.print.hint(
      data.kind === 'human' ? LINK_HINT : `Mint it a key: xeroctl keys create --principal ${data.id}`,
    );
  },
});

export const update = command({
  flags: {
    name: text('NAME', 'What to call it'),
    group: many('NAME', 'The groups it belongs to; these replace all, none takes it out of every one'),
  },
  args: ARGS,
  run: async (session, { flags: { name, group }, args }) => {
    if (name === undefined && group === undefined)
      throw new UsageError('nothing to change: give --name or --group');
    const groups = group?.filter((word) => word !== NO_GROUP);
    const { data } = await session.call(ROUTES['principal.update'], { id: args.id, name, groups });
    await session.print.object(data, FIRST);
  },
});

async function setDisabled(session: Session, id: string, disabled: boolean): Promise<void> {
  const { data } = await session.call(ROUTES['principal.update'], { id, disabled });
  await session.print.object(data, FIRST);
}

export const disable = command({
  about: 'Its streams and sessions end, what it asked for and waits is cancelled, its keys open nothing.',
  args: ARGS,
  run: (session, { args }) => setDisabled(session, args.id, true),
});

export const enable = command({
  about: 'Its keys are good again, those that have not ended or been revoked.',
  args: ARGS,
  run: (session, { args }) => setDisabled(session, args.id, false),
});

export const signInLink = command({
  about: 'Only for a human who has never signed in. The link made before is good no more.',
  flags: SIGN_IN_FLAGS,
  args: ARGS,
  run: async (session, { flags, args }) => {
    const input = { id: args.id, ...signInOf(flags) };
    const { data } = await session.call(ROUTES['principal.sign_in_link'], input);
    await session.print.object(data, { first: ['url', 'principal', 'expires_at'] });
    await session.print.hint(LINK_HINT);
  },
});
