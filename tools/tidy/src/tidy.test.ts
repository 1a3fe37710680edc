import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { entries } from './rule/entries.ts';
import { errorCodes } from './rule/error-codes.ts';
import { frames } from './rule/frames.ts';
import { links } from './rule/links.ts';
import { migrations } from './rule/migrations.ts';
import { names } from './rule/names.ts';
import { operations } from './rule/operations.ts';
import { settings } from './rule/settings.ts';
import { words } from './rule/words.ts';
import { breachesOf } from './tidy.ts';
import { repositoryTree, treeOf, type Rule } from './tree.ts';

const finds = (rule: Rule, files: Readonly<Record<string, string>>): readonly string[] =>
  rule(treeOf(files)).map(({ where, what }) => `${where} ${what}`);

test('the repository keeps the house rules that lint cannot see', () => {
  expect(breachesOf(repositoryTree())).toEqual([]);
});

test.each([
  'packages/store/src/utils.ts',
  'apps/cli/src/helpers/format.ts',
  'packages/common/package.json',
  'apps/cli/src/misc.test.ts',
  'docs/shared/notes.md',
])('names refuses %s', (path) => {
  expect(finds(names, { [path]: '' })).toHaveLength(1);
});

test.each(['packages/store/src/util-table.ts', 'apps/cli/src/commons.ts', 'docs/sharedness.md'])(
  'names takes %s, which only begins like a banned name',
  (path) => {
    expect(finds(names, { [path]: '' })).toEqual([]);
  },
);

test.each([
  ['the clock read by a date', 'a.ts', 'const now = new Date();'],
  ['a home folder', 'packages/a.ts', "const place = '/home/anna/xem';"],
  ['a machine’s checkout', 'tools/a.json', '{"root":"/workspace/xem"}'],
  ['the host of a registry', '.npmrc.yaml', 'registry: https://registry.npmjs.org/'],
  ['a test that runs alone', 'packages/a.test.ts', "test.only('x', () => {});"],
  ['a skipped test', 'packages/a.test.ts', "test.skip('x', () => {});"],
])('words refuses %s', (_what, path, text) => {
  expect(finds(words, { [path]: `first line\n${text}\n` })).toEqual([expect.stringMatching(`^${path}:2 `)]);
});

test.each([
  ['a date from a number', 'a.ts', 'new Date(0)'],
  ['a path of the API', 'a.ts', "fetch('/v1/exec/work/orders')"],
  ['an example of the clock in a document', 'a.md', '`new Date()`'],
])('words takes %s', (_what, path, text) => {
  expect(finds(words, { [path]: text })).toEqual([]);
});

test.each([
  ['a file that is gone', '[a](gone.md)'],
  ['an anchor that is gone', '[a](other.md#gone)'],
  ['an anchor of its own that is gone', '[a](#gone)'],
  ['a source that is gone', 'look at `packages/store/src/gone.ts`'],
])('links refuses %s', (_what, text) => {
  expect(finds(links, { 'docs/a.md': text, 'docs/other.md': '# Here\n' })).toHaveLength(1);
});

test('links takes what leads somewhere, and what is no path', () => {
  const text = `# My own heading
[a](other.md) [b](other.md#what-it-does) [c](#my-own-heading) [d](https://example.com/x) [e](../README.md)
\`docs/other.md\` \`packages/<name>/src\` \`packages/*/src\` \`[a](gone.md)\`
\`\`\`
[a](gone.md) \`packages/gone\`
\`\`\``;
  const files = { 'docs/a.md': text, 'docs/other.md': '## What it does\n', 'README.md': '' };
  expect(finds(links, files)).toEqual([]);
});

const MIGRATION = 'packages/store/migrations/0001.sql';
const hashOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

test.each([
  [
    'changed',
    { [MIGRATION]: 'drop', 'tools/tidy/migrations.json': JSON.stringify({ [MIGRATION]: hashOf('create') }) },
  ],
  ['gone', { 'tools/tidy/migrations.json': JSON.stringify({ [MIGRATION]: hashOf('create') }) }],
  ['new and not listed', { [MIGRATION]: 'create' }],
])('migrations refuses one that is %s', (_what, files) => {
  expect(finds(migrations, files)).toEqual([expect.stringMatching(`^${MIGRATION} `)]);
});

test('migrations takes one that is as it was', () => {
  const list = JSON.stringify({ [MIGRATION]: hashOf('create') });
  expect(finds(migrations, { [MIGRATION]: 'create', 'tools/tidy/migrations.json': list })).toEqual([]);
});

test('errorCodes tells codes without a thrower from codes without a test', () => {
  const found = finds(errorCodes, {
    'packages/domain/src/a.ts':
      "throw new ExecError('tool_ambiguous'); throw new ExecError('approval_stale');",
    'packages/domain/src/a.test.ts': "expect(code).toBe('approval_stale');",
    'packages/errors/src/catalog.test.ts': "['tool_ambiguous', 409]",
  });
  expect(found).toContain('tool_ambiguous is an error code that no test names');
  expect(found).toContain('webhook_not_found is an error code that nothing throws');
  expect(found.filter((line) => line.startsWith('approval_stale'))).toEqual([]);
});

test('errorCodes lets the list of waiting codes only shrink', () => {
  const found = finds(errorCodes, {
    'packages/domain/src/a.ts': "throw new ExecError('tool_ambiguous')",
    'packages/domain/src/a.test.ts': "'tool_ambiguous'",
    'tools/tidy/not-thrown-yet.json': '["tool_ambiguous", "webhook_not_found", "no_code"]',
  });
  expect(found).toContain('tools/tidy/not-thrown-yet.json tool_ambiguous is thrown: take it off the list');
  expect(found).toContain('tools/tidy/not-thrown-yet.json no_code is no code');
  expect(found.filter((line) => line.startsWith('webhook_not_found'))).toEqual([]);
});

test('errorCodes does not take a status for a thrown code', () => {
  const files = { 'packages/domain/src/a.ts': "if (status === 'cancelled') return;" };
  expect(finds(errorCodes, files)).toContain('cancelled is an error code that nothing throws');
});

test('operations asks that every surface knows each of them', () => {
  const found = finds(operations, {
    'apps/router/src/http/bindings.ts': 'bind(app, cancelInvocation, invocation.cancel)',
    'apps/cli/src/command/table.ts': "verb('Show it', ['tool.get'])",
    'apps/mcp/src/expose.ts': "'approval.approve': { absent: 'a model never decides' }",
    'packages/client/src/client.ts': 'for (const operation of OPERATIONS) add(operation)',
  });
  expect(found).not.toContain(
    'invocation.cancel is an operation that apps/router/src/http/bindings.ts does not know',
  );
  expect(found).not.toContain('tool.get is an operation that apps/cli/src/command/ does not know');
  expect(found).not.toContain('approval.approve is an operation that apps/mcp/src/expose.ts does not know');
  expect(found.filter((line) => line.includes('packages/client'))).toEqual([]);
  expect(found).toContain('tool.get is an operation that apps/router/src/http/bindings.ts does not know');
});

test('frames asks for a handler at the other end and for a record', () => {
  const found = finds(frames, {
    'apps/router/src/mesh/on-lease-renewal.ts': '',
    'apps/agent/src/session.ts': "case 'lease_ack': return;",
    'packages/protocol/corpus/v1/frame/lease_ack.json': '',
  });
  expect(found.filter((line) => line.startsWith('lease_ack '))).toEqual([]);
  expect(found.filter((line) => line.startsWith('lease_renewal '))).toEqual([
    'lease_renewal is a frame without a record in packages/protocol/corpus/v1/frame',
  ]);
  expect(found).toContain('dispatch is a frame from the router that nobody handles');
});

test('settings asks that each is described, and that no program reads an undeclared one', () => {
  const found = finds(settings, {
    'docs/reference/settings.md': '`XEM_DATA_DIR`',
    'apps/router/src/main.ts': "process.env['XEM_SECRET_SWITCH']; process.env['XEM_DATA_DIR']",
  });
  expect(found.filter((line) => line.startsWith('XEM_DATA_DIR'))).toEqual([]);
  expect(found).toContainEqual(expect.stringMatching('^XEM_HTTP_PORT is a setting that'));
  expect(found).toContain(
    'apps/router/src/main.ts names XEM_SECRET_SWITCH, which no table of settings declares',
  );
});

test('entries asks that each type is written by a verb', () => {
  const found = finds(entries, { 'packages/domain/src/a.ts': "entry: { type: 'invocation.created' }" });
  expect(found).not.toContain('invocation.created is a journal entry that no verb writes');
  expect(found).toContain('approval.voted is a journal entry that no verb writes');
});
