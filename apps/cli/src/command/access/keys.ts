import { ROUTES } from '@xem/client';
import { prefixedForm, SCOPES, type ApiKey } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { argument, duration, flag, many, required, requiredId } from '../flag.ts';
import { PAGING } from '../globals.ts';

const COLUMNS: readonly Column<ApiKey>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Name', of: ({ name }) => name },
  { title: 'Principal', of: ({ principal }) => principal.name },
  { title: 'Scopes', of: ({ scopes }) => scopes.join(',') },
  { title: 'Prefix', of: ({ prefix }) => prefix },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Decides', of: (row) => row.can_decide, wide: true },
  { title: 'Expires', of: (row) => row.expires_at, wide: true },
  { title: 'Last used', of: (row) => row.last_used_at, wide: true },
  { title: 'Revoked', of: (row) => row.revoked_at, wide: true },
];

const FIRST = ['id', 'name', 'value', 'principal', 'scopes', 'can_decide', 'expires_at'];

type ScopeWord = (typeof SCOPES)[number];

const isScope = (word: string): word is ScopeWord => SCOPES.some((scope) => scope === word);

function scopesOf(words: readonly string[] | undefined): ScopeWord[] {
  const scopes = (words ?? []).flatMap((word) => word.split(','));
  const wrong = scopes.find((word) => !isScope(word));
  if (wrong !== undefined || scopes.length === 0)
    throw new UsageError(
      `give --scope one or more of ${SCOPES.join(', ')}${wrong === undefined ? '' : `, not ${wrong}`}`,
    );
  return scopes.filter(isScope);
}

export const list = command({
  flags: PAGING,
  run: async (session) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['api_key.list'], request);
      return data;
    });
    await session.print.list(page, COLUMNS);
  },
});

export const create = command({
  about: 'The key is shown once.',
  flags: {
    principal: requiredId(prefixedForm('prn'), 'Whose key it is'),
    name: required('NAME', 'What to call it'),
    scope: many('SCOPE', `What it may be used for: ${SCOPES.join(', ')}`),
    canDecide: flag('It may decide approvals; keys of humans only'),
    expiresIn: duration('How long it is good for; for ever unless said'),
  },
  run: async (session, { flags }) => {
    const { data } = await session.call(ROUTES['api_key.create'], {
      principal_id: flags.principal,
      name: flags.name,
      scopes: scopesOf(flags.scope),
      can_decide: flags.canDecide || undefined,
      expires_in_seconds: flags.expiresIn === undefined ? undefined : Math.ceil(flags.expiresIn / 1000),
    });
    await session.print.object(data, { first: FIRST });
    await session.print.hint('Keep the value now: it is not shown again.');
  },
});

export const revoke = command({
  args: { id: argument('KEY-ID', 'The id of the key', prefixedForm('key')) },
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['api_key.revoke'], { id: args.id });
    await session.print.object(data, { first: FIRST });
  },
});
