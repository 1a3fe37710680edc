import { VERBS } from '@xem/cli';
import { ERROR_CODES } from '@xem/errors';
import { ENTRY_TYPES, FRAMES, OPERATIONS } from '@xem/protocol';
import { expect, test } from 'vitest';
import { table } from './markdown.ts';
import { referencePages } from './reference.ts';

const pages = await referencePages();

test.each([
  ['errors.md', ERROR_CODES.map((code) => `| \`${code}\` |`)],
  ['operations.md', OPERATIONS.map(({ id }) => `### ${id}\n`)],
  ['frames.md', Object.keys(FRAMES).map((kind) => `| \`${kind}\` |`)],
  ['events.md', Object.keys(ENTRY_TYPES).map((type) => `| \`${type}\` |`)],
  ['cli.md', VERBS.map(([, words]) => `## xeroctl ${words}\n`)],
  ['settings.md', ['`XEM_DATA_DIR`', '`XEM_TOOLS_DIR`', '`XEM_MCP_PORT`', '`XEM_DEV_DIR`']],
  ['states.md', ['pending_approval --> queued: approve', 'timeout --> [*]', '`invocation_terminal`']],
])('%s holds every row of its table', (name, rows) => {
  const text = pages.get(name) ?? '';
  expect(rows.filter((row) => !text.includes(row))).toEqual([]);
});

test('the page of errors shows both statuses of a code that has two', () => {
  expect(pages.get('errors.md')).toContain('| `exec_tool_not_found` | 404 / 400 |');
});

test('the page of frames calls bytes bytes', () => {
  expect(pages.get('frames.md')).toMatch(/\| `sig` \| bytes \|/);
});

test('table makes what would end a cell harmless', () => {
  expect(table(['A'], [['x|y\nz']])).toBe('| A |\n| --- |\n| x\\|y z |');
});
