import { ROUTES } from '@xem/client';
import { prefixedForm, type ApiKey } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { argument, duration, flag, id as optionalId, many, required, requiredId, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { readPair } from '../pair.ts';
import { readScopes, SCOPE_FLAG } from './scopes.ts';

const COLUMNS: readonly Column<ApiKey>[] = [
  { title: 'ID', of: ({ id }) => id },
  {
    title: 'Name',
    of: (row) => (row.revoked_at === null ? row.name : `${row.name} (revoked)`),
    elastic: true,
  },
  { title: 'Principal', of: ({ principal }) => principal.name, elastic: true },
  { title: 'Scopes', of: ({ scopes }) => scopes.join(','), elastic: true },
  { title: 'Prefix', of: ({ prefix }) => prefix },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Decides', of: (row) => row.can_decide, wide: true },
  { title: 'Expires', of: (row) => row.expires_at, wide: true },
  { title: 'Last used', of: (row) => row.last_used_at, wide: true },
  { title: 'Revoked', of: (row) => row.revoked_at, wide: true },
];

const FIRST = ['id', 'name', 'value', 'principal', 'scopes', 'can_decide', 'expires_at'];

const NONE = {
  endpoints: 'any operation',
  ip_allow: 'any address',
  expires_at: 'never',
  last_used_at: 'never',
  revoked_at: 'no',
};
const SHOWN = { first: FIRST, none: NONE };
const VALUE_HINT = 'Keep the value now: it is not shown again.';
const EVERYWHERE = 'any';

const KEY_ARGS = { id: argument('KEY-ID', 'The id of the key', prefixedForm('key')) };

const ENDPOINT = many('OPERATION', 'An operation it is pinned to, such as invocation.create or tool.*');
const ALLOW_IP = many('RANGE', 'An address or CIDR range it may be used from');

/** Words that replace all; the word `any` lifts the bound. */
function boundOf(words: readonly string[] | undefined, name: string): string[] | null {
  if (words === undefined) throw new UsageError(`give --${name} once or more, or --${name} ${EVERYWHERE}`);
  return words.includes(EVERYWHERE) ? null : [...words];
}

const secondsOf = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.ceil(ms / 1000);

const RATE = 'MINUTE/BURST';

/** @throws UsageError */
function readRate(word: string): { readonly per_minute: number; readonly burst: number } {
  const [perMinute, burst] = readPair({ flag: 'rate', word, form: RATE });
  return { per_minute: perMinute, burst };
}

export const list = command({
  flags: { ...PAGING, principal: optionalId(prefixedForm('prn'), 'Only keys of this human or service') },
  run: async (session, { flags }) => {
    const page = await session.list(async (request) => {
      const query = { ...request, principal_id: flags.principal };
      const { data } = await session.call(ROUTES['api_key.list'], query);
      return data;
    });
    await session.print.list(page, COLUMNS);
  },
});

export const show = command({
  args: KEY_ARGS,
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['api_key.get'], { id: args.id });
    await session.print.object(data, SHOWN);
  },
});

export const create = command({
  about: 'The key is shown once.',
  flags: {
    principal: requiredId(prefixedForm('prn'), 'Whose key it is'),
    name: required('NAME', 'What to call it'),
    scope: SCOPE_FLAG,
    canDecide: flag('It may decide approvals; keys of humans only'),
    expiresIn: duration('How long it is good for; for ever unless said'),
    endpoint: ENDPOINT,
    allowIp: ALLOW_IP,
    rate: text(RATE, 'Requests a minute and at once that it may send'),
  },
  run: async (session, { flags }) => {
    const { data } = await session.call(ROUTES['api_key.create'], {
      principal_id: flags.principal,
      name: flags.name,
      scopes: readScopes(flags.scope),
      can_decide: flags.canDecide || undefined,
      expires_in_seconds: secondsOf(flags.expiresIn),
      endpoints: flags.endpoint && [...flags.endpoint],
      ip_allow: flags.allowIp && [...flags.allowIp],
      rate: flags.rate === undefined ? undefined : readRate(flags.rate),
    });
    await session.print.object(data, SHOWN);
    await session.print.hint(VALUE_HINT);
  },
});

export const rotate = command({
  about: 'The new key is shown once. What the old one asked for goes on; revoke a key that leaked instead.',
  flags: {
    grace: duration('How long the old key stays good beside the new one; it ends at once unless said'),
  },
  args: KEY_ARGS,
  run: async (session, { flags, args }) => {
    const input = { id: args.id, grace_seconds: secondsOf(flags.grace) };
    const { data } = await session.call(ROUTES['api_key.rotate'], input);
    await session.print.object(data, SHOWN);
    await session.print.hint(VALUE_HINT);
  },
});

export const quota = command({
  flags: { rate: required(RATE, 'Requests a minute and at once that it may send') },
  args: KEY_ARGS,
  run: async (session, { flags, args }) => {
    const { data } = await session.call(ROUTES['api_key.quota'], { id: args.id, ...readRate(flags.rate) });
    await session.print.object(data, { first: ['id', 'name', 'rate'], none: NONE });
  },
});

export const ipFilter = command({
  about: 'The ranges replace those it had; --allow-ip any lifts the filter.',
  flags: { allowIp: ALLOW_IP },
  args: KEY_ARGS,
  run: async (session, { flags, args }) => {
    const input = { id: args.id, ip_allow: boundOf(flags.allowIp, 'allow-ip') };
    const { data } = await session.call(ROUTES['api_key.ip_filter'], input);
    await session.print.object(data, { first: ['id', 'name', 'ip_allow'], none: NONE });
  },
});

export const endpoints = command({
  about: 'The pins replace those it had; --endpoint any lifts them.',
  flags: { endpoint: ENDPOINT },
  args: KEY_ARGS,
  run: async (session, { flags, args }) => {
    const input = { id: args.id, endpoints: boundOf(flags.endpoint, 'endpoint') };
    const { data } = await session.call(ROUTES['api_key.endpoints'], input);
    await session.print.object(data, { first: ['id', 'name', 'endpoints'], none: NONE });
  },
});

export const revoke = command({
  args: KEY_ARGS,
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['api_key.revoke'], { id: args.id });
    await session.print.object(data, SHOWN);
  },
});
