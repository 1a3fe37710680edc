import { json, pageSample, refuse, startServer } from '@xem/client/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { xeroctl } from '../../../testing/terminal.ts';

const POLICIES = '/v1/exec/approval-policies';
const WORKSPACE = 'ws_a1b2c3d4';
const ID = `pol_${'1'.repeat(24)}`;

const POLICY = {
  object: 'approval_policy',
  id: ID,
  project_id: `prj_${'0'.repeat(24)}`,
  workspace_id: null,
  version: 3,
  policy_name: 'standard',
  require: ['destructive', 'irreversible'],
  timeout_seconds_destructive: 900,
  decide_with: 'any',
  quorum_irreversible: { any_of: [{ group: '*', count: 1 }] },
  escalation_chain: [],
  retired: false,
  warnings: [],
  created_by: null,
  created_at: '2026-01-01T00:00:00.000Z',
};

const NEXT = {
  ...POLICY,
  version: 4,
  policy_name: 'night\u001b[2K',
  quorum_irreversible: { any_of: [{ group: 'dba', count: 2 }] },
  warnings: ['nobody of leads could decide'],
};

/** A router that plans and sets `next`, where `waiting` calls wait. */
const serving = ({ next = NEXT, waiting = 0 }: { readonly next?: object; readonly waiting?: number } = {}) =>
  startServer({
    [`GET ${POLICIES}/default`]: (_, response) => json(response, POLICY),
    [`GET ${POLICIES}/${ID}`]: (_, response) => json(response, { ...POLICY, workspace_id: WORKSPACE }),
    [`GET ${POLICIES}`]: (_, response) => json(response, pageSample([POLICY])),
    'GET /v1/exec/approvals': (_, response) =>
      json(response, pageSample(Array.from({ length: waiting }, () => ({ policy: { id: ID } })))),
    [`PUT ${POLICIES}`]: (_, response) => json(response, next),
    [`DELETE ${POLICIES}/${ID}`]: (_, response) =>
      json(response, { object: 'approval_policy', id: ID, deleted: true }),
  });

const sent = (received: readonly { readonly method: string; readonly body: string }[]): unknown[] =>
  received.filter(({ method }) => method === 'PUT').map(({ body }): unknown => JSON.parse(body));

const SET = ['approvals', 'policies', 'set'];

async function fileOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'xem-policy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'policy.yaml');
  await writeFile(path, text);
  return path;
}

test('approvals policies set shows what would change, asks, and sets what it showed', async () => {
  await using server = await serving({ waiting: 2 });
  const world = { ...server, attended: true, stdin: 'y' };
  const { exit, stderr, questions } = await xeroctl([...SET, '--preset', 'restricted'], world);
  expect({ exit, questions }).toEqual({ exit: 0, questions: ['Set it? [y/N] '] });
  expect(stderr).toMatch(/^Version +3 -> 4\n/m);
  expect(stderr).toMatch(/^policy_name was +standard\npolicy_name now +night\\x1b\[2K\n/m);
  expect(stderr).toContain('quorum_irreversible now  2 of dba');
  expect(stderr).not.toContain('decide_with');
  expect(stderr).toContain('warning: nobody of leads could decide\n');
  expect(stderr).toContain('2 calls wait under the present policy, and may have to be asked for again.');
  expect(sent(server.received)).toEqual([
    { preset: 'restricted', dry_run: true },
    { preset: 'restricted', if_version: 3 },
  ]);
});

test('approvals policies set says when a workspace gets a policy of its own', async () => {
  await using server = await serving({ next: { ...NEXT, id: `pol_${'2'.repeat(24)}`, version: 1 } });
  const words = [...SET, '--preset', 'elevated', '--workspace', WORKSPACE, '--yes'];
  const { exit, stderr, questions } = await xeroctl(words, server);
  expect({ exit, questions }).toEqual({ exit: 0, questions: [] });
  expect(stderr).toMatch(/^Version +1, in place of standard of the project$/m);
  expect(sent(server.received).at(-1)).toEqual({
    preset: 'elevated',
    workspace_id: WORKSPACE,
    if_version: 0,
  });
});

test.each([
  ['YAML', 'require: [write, destructive, irreversible]\ndecide_with: interactive\n'],
  ['JSON', '{"require":["write","destructive","irreversible"],"decide_with":"interactive"}'],
  [
    'what policies show printed',
    `object: approval_policy\nid: ${ID}\nversion: 3\nretired: false\nwarnings: [w]\nrequire: [write, destructive, irreversible]\ndecide_with: interactive\n`,
  ],
])('approvals policies set takes a file of %s, and standard input', async (_, text) => {
  await using server = await serving();
  const rules = { require: ['write', 'destructive', 'irreversible'], decide_with: 'interactive' };
  await xeroctl([...SET, '--file', await fileOf(text), '--yes'], server);
  await xeroctl([...SET, '--file', '-', '--yes'], { ...server, stdin: text });
  const set = { ...rules, if_version: 3 };
  expect(sent(server.received)).toEqual([{ ...rules, dry_run: true }, set, { ...rules, dry_run: true }, set]);
});

test('approvals policies set shows with --dry-run, and sets nothing', async () => {
  await using server = await serving();
  const { exit, stdout } = await xeroctl([...SET, '--preset', 'elevated', '--dry-run', '-o', 'json'], server);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ version: 4 });
  expect(sent(server.received)).toEqual([{ preset: 'elevated', dry_run: true }]);
});

test('approvals policies set leaves alone what is in force', async () => {
  await using server = await serving({ next: POLICY });
  const { exit, stderr } = await xeroctl([...SET, '--preset', 'standard', '--yes'], server);
  expect(exit).toBe(0);
  expect(stderr).toContain('in force already');
  expect(sent(server.received)).toHaveLength(1);
});

test.each([
  ['nothing is named', [], {}, '--preset, --file'],
  ['nobody is there', ['--preset', 'elevated'], {}, '--yes'],
  ['the answer is no', ['--preset', 'elevated'], { attended: true, stdin: 'n' }, 'nothing was changed'],
  ['the file is not there', ['--file', '/nonexistent', '--yes'], {}, '/nonexistent'],
  ['the file is no object', ['--file', '-', '--yes'], { stdin: '- 1' }, 'not an object'],
  ['the file is no YAML', ['--file', '-', '--yes'], { stdin: '{' }, '--file -'],
])('approvals policies set changes nothing when %s', async (...[, flags, world, says]) => {
  await using server = await serving();
  const { exit, stderr } = await xeroctl([...SET, ...flags], { ...server, ...world });
  expect(exit).toBe(2);
  expect(stderr).toContain(says);
  expect(sent(server.received).filter((body) => !JSON.stringify(body).includes('dry_run'))).toEqual([]);
});

test('approvals policies set ends with 8 when the policy changed meanwhile', async () => {
  await using server = await startServer({
    [`GET ${POLICIES}/default`]: (_, response) => json(response, POLICY),
    [`PUT ${POLICIES}`]: (_, response) => refuse(response, { code: 'invalid_state' }, { status: 409 }),
  });
  expect((await xeroctl([...SET, '--preset', 'elevated', '--yes'], server)).exit).toBe(8);
});

test('approvals policies list and show tell which policy governs, and what to know of it', async () => {
  await using server = await serving();
  const { stdout } = await xeroctl(['approvals', 'policies'], server);
  expect(stdout).toMatch(/^ID +Name +Version +Workspace +Created\npol_1+ +standard +3 +all others /);
  expect((await xeroctl(['approvals', 'policies', 'show'], server)).stdout).toMatch(/^ID +pol_1+\n/);
  expect((await xeroctl(['approvals', 'policies', ID], server)).stdout).toContain(WORKSPACE);
  const both = ['approvals', 'policies', 'show', ID, '--workspace', WORKSPACE];
  expect((await xeroctl(both, server)).exit).toBe(2);
});

test('approvals policies delete asks, naming what it deletes', async () => {
  await using server = await serving();
  const words = ['approvals', 'policies', 'delete', ID];
  expect((await xeroctl(words, server)).exit).toBe(2);
  const { exit, questions } = await xeroctl(words, { ...server, attended: true, stdin: 'y' });
  expect({ exit, questions }).toEqual({
    exit: 0,
    questions: [`Delete standard, version 3, of ${WORKSPACE}? [y/N] `],
  });
  expect((await xeroctl([...words, '--yes'], server)).exit).toBe(0);
});
