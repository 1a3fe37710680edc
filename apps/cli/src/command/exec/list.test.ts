import { executionSample, json, pageSample, startServer } from '@xem/client/testing';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const LIST = 'GET /v1/exec/executions';
const ID = '0193bbbb-0b3c-7f5a-8e1d-9c4b3a2f1e08';
const INVOCATION = '0193aaaa-8d0e-7c2f-9c1d-2b9f5e7a8c10';
const SEED_TITLES =
  'ID                                    Invocation                            Status     Exit Code  Created';
const FILTERS = [
  '--status',
  'failed',
  '--tool',
  'kubectl_get',
  '--workspace',
  'ws_a1b2c3d4',
  '--since',
  '1h',
  '--until',
  '30m',
];

const listing = (rows: readonly object[], cursor: string | null = null) =>
  startServer({ [LIST]: (_, response) => json(response, pageSample(rows, cursor)) });

test('exec list prints the columns of the seed, and nothing else, in a pipe', async () => {
  await using server = await listing([
    executionSample(),
    executionSample({ status: 'lost', exit_code: null }),
  ]);
  const { stdout, exit } = await xeroctl(['exec', 'list'], server);
  expect(exit).toBe(0);
  expect(stdout.split('\n')).toEqual([
    SEED_TITLES,
    `${ID}  ${INVOCATION}  completed  0          2026-01-01T00:00:00.000Z`,
    `${ID}  ${INVOCATION}  lost       -          2026-01-01T00:00:00.000Z`,
    '',
  ]);
});

test.each([
  { where: 'a narrow terminal', columns: 119, words: [], wide: false },
  { where: 'a wide terminal without room for more', columns: 130, words: [], wide: false },
  { where: 'a wide terminal', columns: 180, words: [], wide: true },
  { where: 'a pipe with -o wide', words: ['-o', 'wide'], wide: true },
])('exec list shows the columns of the seed first in $where', async ({ columns, words, wide }) => {
  await using server = await listing([executionSample()]);
  const world = { baseUrl: server.baseUrl, ...(columns !== undefined && { columns }) };
  const { stdout } = await xeroctl(['exec', 'list', '--no-color', ...words], world);
  const [titles = ''] = stdout.split('\n');
  expect(titles.startsWith(SEED_TITLES)).toBe(true);
  expect(/Tool +Agent +Duration/.test(titles)).toBe(wide);
});

test('exec list prints exactly the object of the API as JSON', async () => {
  const page = pageSample([{ ...executionSample(), of_tomorrow: { '1': 'ü' } }], 'c1');
  await using server = await startServer({ [LIST]: (_, response) => json(response, page) });
  const { stdout, stderr } = await xeroctl(['exec', 'list', '--output', 'json'], server);
  expect(stdout).toBe(`${JSON.stringify(page, null, 2)}\n`);
  expect(stderr).toBe('');
});

test('exec list sends its filters', async () => {
  await using server = await listing([]);
  const clock = virtualClock(Date.UTC(2026, 0, 1, 12));
  await xeroctl(['exec', 'list', ...FILTERS, '--limit', '7', '--after', 'c0'], {
    baseUrl: server.baseUrl,
    clock,
  });
  const url = new URL(server.received[0]?.url ?? '', server.baseUrl);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    limit: '7',
    after: 'c0',
    status: 'failed',
    tool: 'kubectl_get',
    workspace_id: 'ws_a1b2c3d4',
    created_after: '2026-01-01T11:00:00.000Z',
    created_before: '2026-01-01T11:30:00.000Z',
  });
});

test('exec list does not follow up to a time', async () => {
  const { exit, stderr } = await xeroctl(['exec', 'list', '--follow', '--until', '1h']);
  expect({ exit, stderr }).toEqual({ exit: 2, stderr: 'xeroctl: give --follow or --until, not both\n' });
});

test('exec list tells on standard error that there is more', async () => {
  await using server = await listing([executionSample()], 'c1');
  const { stdout, stderr } = await xeroctl(['exec', 'list'], server);
  expect(stderr).toBe('There is more: --all, or --after c1\n');
  expect(stdout).not.toContain('There is more');
});

test.each([
  ['--all', ['--all'], 5],
  ['a limit larger than a page', ['--limit', '103'], 4],
])('exec list goes from page to page with %s', async (_, words, rows) => {
  const asked: string[] = [];
  await using server = await startServer({
    [LIST]: ({ url }, response, nth) => {
      asked.push(url.split('?')[1] ?? '');
      const rest = words[0] === '--all' ? [2, 2, 1][nth] : [100, 3][nth];
      const last = nth === (words[0] === '--all' ? 2 : 1);
      json(response, pageSample(Array(rest ?? 0).fill(executionSample()), last ? null : `c${nth}`));
    },
  });
  const { stdout } = await xeroctl(['exec', 'list', ...words, '-o', 'json'], server);
  const page: unknown = JSON.parse(stdout);
  expect(page).toMatchObject({ has_more: false, next_cursor: null });
  expect(asked[0]).toBe('limit=100');
  expect(asked[1]).toContain('after=c0');
  expect(stdout.match(/"object": "execution"/g)).toHaveLength(rows === 5 ? 5 : 103);
});
