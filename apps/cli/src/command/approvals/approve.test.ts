import { APPROVAL_ID, approvalSample, json, pageSample, refuse, startServer } from '@xem/client/testing';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const SHOW = `GET /v1/exec/approvals/${APPROVAL_ID}`;
const APPROVE = `POST /v1/exec/approvals/${APPROVAL_ID}/approve`;
const REJECT = `POST /v1/exec/approvals/${APPROVAL_ID}/reject`;
const WORDS = ['approvals', 'approve', APPROVAL_ID];

const serving = (over = {}, status = 'approved') =>
  startServer({
    [SHOW]: (_, response) => json(response, approvalSample(over)),
    [APPROVE]: (_, response) => json(response, approvalSample({ ...over, status })),
    [REJECT]: (_, response) => json(response, approvalSample({ ...over, status: 'rejected' })),
  });

const decision = (received: readonly { readonly method: string; readonly body: string }[]): unknown =>
  received.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body) as unknown)[0];

test.each([
  ['somebody answers yes', { attended: true, stdin: 'y' }, []],
  ['--yes answers', {}, ['--yes']],
])('approvals approve shows the call and decides over just that when %s', async (_, world, words) => {
  await using server = await serving();
  const note = ['--note', 'go'];
  const { exit, stdout, stderr } = await xeroctl([...WORDS, ...note, ...words, '-o', 'json'], {
    baseUrl: server.baseUrl,
    ...world,
  });
  expect(exit).toBe(0);
  expect(stderr).toMatch(/Tool +kubectl_drain\nRisk +destructive\nArguments +\{"node":"n1"\}/);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'approved' });
  expect(decision(server.received)).toEqual({ note: 'go', call_sha256: 'b'.repeat(64) });
});

test.each([
  ['nobody is there', {}, 'nobody is at the terminal'],
  ['somebody answers no', { attended: true, stdin: 'n' }, 'nothing was decided'],
  ['somebody just presses enter', { attended: true, stdin: '' }, 'nothing was decided'],
])('approvals approve decides nothing when %s', async (_, world, says) => {
  await using server = await serving();
  const { exit, stderr } = await xeroctl(WORDS, { baseUrl: server.baseUrl, ...world });
  expect(exit).toBe(2);
  expect(stderr).toContain(says);
  expect(decision(server.received)).toBeUndefined();
});

test('approvals approve has the tool typed back where the policy wants it', async () => {
  await using server = await serving({ confirm_required: true });
  const wrong = await xeroctl(WORDS, { baseUrl: server.baseUrl, attended: true, stdin: 'yes' });
  expect(wrong.exit).toBe(2);
  const right = await xeroctl(WORDS, { baseUrl: server.baseUrl, attended: true, stdin: 'kubectl_drain\n' });
  expect(right.questions).toEqual(['Type kubectl_drain to let it run: ']);
  expect(decision(server.received)).toMatchObject({ confirm: 'kubectl_drain' });
  const flagged = await xeroctl([...WORDS, '--yes', '--confirm', 'kubectl_drain'], server);
  expect(flagged.exit).toBe(0);
});

const TWO_OF_THREE = {
  stage: { index: 1, count: 2, groups: ['ops'], expires_at: '2026-01-01T00:15:00.000Z' },
  quorum: {
    all_of: [
      { group: 'dba', count: 1 },
      { group: '*', count: 2 },
    ],
    have: [
      { group: 'dba', count: 0 },
      { group: '*', count: 1 },
    ],
  },
  decisions: [
    {
      id: 'd1',
      decision: 'approve',
      decided_by: { id: `prn_${'5'.repeat(24)}`, kind: 'human', name: 'bea' },
      note: 'fine',
      channel: 'page',
      stage: 0,
      at: '2026-01-01T00:01:00.000Z',
    },
  ],
};
const AT = { clock: virtualClock(Date.parse('2026-01-01T00:02:30.000Z')) };

test('approvals approve tells when more people must agree', async () => {
  await using server = await serving(TWO_OF_THREE, 'pending');
  const { stderr } = await xeroctl([...WORDS, '--yes'], server);
  expect(stderr).toContain('Counted: 0 of 1 (dba) and 1 of 2 (anybody). More people must agree.\n');
});

test.each([
  ['approve', [...WORDS], 'n'],
  ['reject', ['approvals', 'reject', APPROVAL_ID], ''],
])('approvals %s shows the quorum, who agreed, and who may vote, first', async (_, words, stdin) => {
  await using server = await serving(TWO_OF_THREE);
  const world = { baseUrl: server.baseUrl, attended: true, stdin, ...AT };
  const { stderr } = await xeroctl(words, world);
  expect(stderr.replaceAll(/ {2,}/g, ': ')).toContain(
    [
      'Quorum: 1 of dba and 2 of anybody',
      'Votes: 0 of 1 (dba) and 1 of 2 (anybody)',
      'Agreed: bea',
      'May vote: people of ops',
      'You may vote: yes',
      'Stage: 2 of 2, for ops, until 2026-01-01T00:15:00.000Z, 12 min left',
      '',
    ].join('\n'),
  );
});

test.each([
  { status: 'pending', why: 'a service never decides', code: 'approver_not_eligible', exit: 5 },
  { status: 'approved', why: 'the approval is approved', code: 'approval_not_pending', exit: 8 },
])(
  'approvals approve asks nobody who may not vote on what is $status',
  async ({ status, why, code, exit }) => {
    await using server = await serving({ eligible: false, ineligible_reason: why, status });
    const outcome = await xeroctl(WORDS, { baseUrl: server.baseUrl, attended: true, stdin: 'y' });
    expect(outcome).toMatchObject({ exit, questions: [] });
    expect(outcome.stderr).toContain(`xeroctl: ${code}: ${why}\n`);
    expect(decision(server.received)).toBeUndefined();
  },
);

test('approvals show says what is missing and who decided, and JSON is exact', async () => {
  await using server = await serving({ ...TWO_OF_THREE, eligible: false, ineligible_reason: 'no' });
  const words = ['approvals', 'show', APPROVAL_ID];
  const { stdout } = await xeroctl(words, { baseUrl: server.baseUrl, ...AT });
  expect(stdout).toMatch(/^Votes +0 of 1 \(dba\) and 1 of 2 \(anybody\)$/m);
  expect(stdout).toMatch(/^You may vote +no: no$/m);
  expect(stdout).toMatch(/^Decision +By +Channel +Stage +At +Note\napprove +bea +page +1 +\S+ +fine\n$/m);
  expect(JSON.parse((await xeroctl([...words, '-o', 'json'], server)).stdout)).toMatchObject(TWO_OF_THREE);
});

test('approvals show says nothing of votes to come once it is settled', async () => {
  await using server = await serving({ status: 'expired' });
  const { stdout } = await xeroctl(['approvals', 'show', APPROVAL_ID], server);
  expect(stdout).not.toMatch(/may vote/i);
  expect(stdout).not.toContain('left');
});

test('approvals approve shows hostile arguments, and does not obey them', async () => {
  await using server = await serving({ args: { path: '\u202egnp\u001b[2J' } });
  const { stderr } = await xeroctl([...WORDS, '--yes'], server);
  for (const obeyed of ['\u202e', '\u001b']) expect(stderr).not.toContain(obeyed);
});

test.each([
  ['approval_not_pending', 409, 8],
  ['approval_stale', 409, 8],
  ['approver_not_eligible', 403, 5],
  ['confirmation_required', 400, 5],
])('approvals approve ends with the exit code of %s', async (code, status, exit) => {
  await using server = await startServer({
    [SHOW]: (_, response) => json(response, approvalSample()),
    [APPROVE]: (_, response) => refuse(response, { code }, { status }),
  });
  expect((await xeroctl([...WORDS, '--yes'], server)).exit).toBe(exit);
});

test('approvals reject sends its reason', async () => {
  await using server = await serving();
  const { exit, stdout } = await xeroctl(['approvals', 'reject', APPROVAL_ID, '--reason', 'not now'], server);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^Status +rejected$/m);
  expect(decision(server.received)).toEqual({ reason: 'not now' });
});

test('approvals list prints the columns of the seed', async () => {
  await using server = await startServer({
    'GET /v1/exec/approvals': (_, response) => json(response, pageSample([approvalSample()])),
  });
  const { stdout } = await xeroctl(
    ['approvals', 'list', '--risk', 'destructive', '--status', 'pending'],
    server,
  );
  expect(stdout).toMatch(/^ID +Status +Risk +Tool +Created\n/);
  expect(stdout).toMatch(/\n\S+ +pending +destructive +kubectl_drain +2026-01-01T00:00:00.000Z\n$/);
  expect(server.received[0]?.url).toBe('/v1/exec/approvals?risk=destructive&status=pending');
});
