import { OPERATIONS } from '@xem/protocol';
import { expect, test } from 'vitest';
import type { AnyCommand } from './command/command.ts';
import type { Entry, Verb } from './command/entry.ts';
import { ENTRIES } from './command/table.ts';
import { flagOf } from './flag-of.ts';

const verbsUnder = (entry: Entry, words: string): readonly (readonly [string, Verb])[] =>
  'load' in entry
    ? [[words.trim(), entry]]
    : Object.entries(entry.entries).flatMap(([word, below]) => verbsUnder(below, `${words} ${word}`));

const VERBS = new Map(verbsUnder(ENTRIES, ''));

/** Members that a command makes up itself: nobody wrote them. */
const MADE_UP = new Set([
  'call_sha256',
  'changes',
  'dry_run',
  'format',
  'if_version',
  'include',
  'manifest_hash',
  'project_id',
  'visibility',
]);

/** Members of its operation that a command has no use for, or fills in by what it is. */
const NOT_ASKED: Readonly<Record<string, readonly string[]>> = {
  'approvals watch': ['status', 'tool', 'workspace_id', 'invocation_id'],
  'agents enroll': ['uses', 'expires_in_seconds'],
  'principals update': ['disabled'],
  'principals disable': ['name', 'groups', 'disabled'],
  'principals enable': ['name', 'groups', 'disabled'],
  'webhooks create': ['secret'],
  'webhooks rotate-secret': ['secret'],
};

const commandOf = async (words: string): Promise<AnyCommand> => {
  const verb = VERBS.get(words);
  if (!verb) throw new Error(`there is no ${words}`);
  return verb.load();
};

test.each([
  { words: 'agents join-keys create', param: '/expires_in_seconds', written: '--expires-in, in seconds' },
  { words: 'exec invoke', param: '/timeout_ms', written: '--tool-timeout, in milliseconds' },
  { words: 'exec invoke', param: '/workspace_id', written: '--workspace' },
  { words: 'exec invoke', param: '/args/node', flags: { args: '{}' }, written: '--args /node' },
  { words: 'exec invoke', param: '/args/node/0', flags: { arg: ['node=1'] }, written: '--arg node.0' },
  { words: 'exec invoke', param: 'Idempotency-Key', written: '--idempotency-key' },
  { words: 'exec list', param: 'limit', written: '--limit' },
  { words: 'exec list', param: 'created_after', written: '--since' },
  { words: 'keys create', param: '/rate/per_minute', written: '--rate' },
  { words: 'keys create', param: '/scopes/0', written: '--scope' },
  { words: 'keys quota', param: '/per_minute', written: '--rate' },
  { words: 'workspaces update', param: '/concurrency/per_tool/demo_echo', written: '--tool-limit' },
  { words: 'workspaces create', param: '/name', written: 'NAME' },
  { words: 'workspaces bind', param: 'workspace_id', written: 'WORKSPACE-ID' },
  {
    words: 'approvals policies set',
    param: '/quorum_irreversible/any_of',
    flags: { file: 'a' },
    written: 'quorum_irreversible.any_of in --file',
  },
])('a refusal of $words that names $param is told by what was written', async (row) => {
  const { words, param, flags = {}, written: told } = row;
  expect(flagOf(param, { command: await commandOf(words), flags })).toBe(told);
});

test.each([
  ['keys revoke', '/of_tomorrow'],
  ['agents evict', '/workspace_id'],
  ['exec list', ''],
])('a refusal of %s that names %j is told as it came', async (words, param) => {
  expect(flagOf(param, { command: await commandOf(words), flags: {} })).toBeNull();
});

const rows = [...VERBS].flatMap(
  ([
    words,
    {
      operations: [id],
    },
  ]) => {
    const operation = OPERATIONS.find((one) => one.id === id);
    return Object.keys(operation?.input.shape ?? {}).map((member) => ({ words, member }));
  },
);

const written = rows.filter(
  ({ words, member }) => !MADE_UP.has(member) && !NOT_ASKED[words]?.includes(member),
);

test.each(written)('xeroctl $words has a flag or an argument for $member', async ({ words, member }) => {
  const flags = words === 'approvals policies set' ? { file: 'a' } : {};
  expect(flagOf(member, { command: await commandOf(words), flags })).not.toBeNull();
});
