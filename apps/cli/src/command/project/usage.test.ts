import { json, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const SUMS = {
  calls: 4,
  completed: 2,
  failed: 1,
  cancelled: 0,
  rejected: 1,
  timeout: 0,
  run_ms: 2500,
  output_bytes: 7,
  credit: 12,
};

test('usage shows a row for each of what it sums up by, and the whole', async () => {
  const rows = [{ ...SUMS, day: null, tool: 'demo_echo', workspace_id: null }];
  const answer = {
    object: 'usage',
    from: '2026-01-01',
    to: '2026-01-31',
    group_by: 'tool',
    rows,
    totals: SUMS,
  };
  await using server = await startServer({ 'GET /v1/usage': (_, response) => json(response, answer) });
  const words = ['usage', '--by', 'tool', '--from', '2026-01-01', '--to', '2026-01-31T09:00:00Z'];
  const { stdout } = await xeroctl([...words, '--tool', 'demo_echo'], server);
  expect(server.received[0]?.url).toBe(
    '/v1/usage?group_by=tool&from=2026-01-01&to=2026-01-31&tool=demo_echo',
  );
  expect(stdout).toMatch(
    /^Tool +Calls +Completed +Failed +Timeout +Cancelled +Rejected +Credit\ndemo_echo +4 +2 +1 +0 +0 +1 +12\nTotal +4 +2 +1 +0 +0 +1 +12\n$/,
  );
});
