import { json, pageSample, refuse, startServer, WORKSPACE_ID } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const ID = `mnt_${'7'.repeat(24)}`;

const WINDOW = {
  object: 'maintenance',
  id: ID,
  status: 'scheduled',
  severity: 'critical',
  title: 'Kernel upgrade',
  starts_at: '2026-01-01T02:00:00.000Z',
  ends_at: null,
};

test.each([[['maintenance']], [['maintenance', 'list', '--status', 'scheduled']]])(
  '%j lists windows',
  async (words) => {
    await using server = await startServer({
      'GET /v1/management/maintenance': (_, response) => json(response, pageSample([WINDOW])),
    });
    const { stdout } = await xeroctl(words, server);
    expect(stdout).toMatch(/^ID +Status +Severity +Title +Starts +Ends\nmnt_7+ +scheduled +critical +Kernel/);
  },
);

test('maintenance create sends what it was given, with times as the API has them', async () => {
  await using server = await startServer({
    'POST /v1/management/maintenance': (_, response) => json(response, WINDOW, { status: 201 }),
  });
  const flags = ['--severity', 'critical', '--workspace', WORKSPACE_ID, '--starts', '2026-01-01T02:00Z'];
  const { exit } = await xeroctl(['maintenance', 'create', 'Kernel upgrade', ...flags], server);
  expect(exit).toBe(0);
  expect(server.received.map(({ body }) => JSON.parse(body))).toEqual([
    {
      title: 'Kernel upgrade',
      severity: 'critical',
      workspace_id: WORKSPACE_ID,
      starts_at: '2026-01-01T02:00:00.000Z',
    },
  ]);
});

test.each([
  [['maintenance', 'create', 'x', '--starts', 'soon'], /--starts soon/],
  [['maintenance', 'update', ID], /nothing to change/],
  [['maintenance', 'show', 'window'], /mnt_/],
])('%j is refused before anything is sent', async (words, says) => {
  await using server = await startServer({});
  const { exit, stderr } = await xeroctl(words, server);
  expect(exit).toBe(2);
  expect(stderr).toMatch(says);
});

test.each(['start', 'complete', 'cancel'])(
  'maintenance %s ends with 8 when the window has ended',
  async (step) => {
    await using server = await startServer({
      [`POST /v1/management/maintenance/${ID}/${step}`]: (_, response) =>
        refuse(response, { code: 'already_terminal' }, { status: 400 }),
    });
    expect((await xeroctl(['maintenance', step, ID], server)).exit).toBe(8);
  },
);
