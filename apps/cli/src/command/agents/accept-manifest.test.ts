import { AGENT_ID, json, refuse, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const SHOW = `GET /v1/exec/agents/${AGENT_ID}/manifest`;
const ACCEPT = `POST /v1/management/agents/${AGENT_ID}/accept-manifest`;
const WORDS = ['agents', 'accept-manifest', AGENT_ID];
const HASH = 'a'.repeat(64);
const WIPE_DIGEST = 'b'.repeat(64);
const ECHO_DIGEST = 'c'.repeat(64);

const definition = (over: object) => ({
  name: 'demo_wipe',
  description: 'Wipes',
  risk: 'irreversible',
  domain: 'demo',
  parameters: { type: 'object' },
  timeout_ms: 1000,
  idempotent: false,
  mcp: { visible: false },
  output: { media_type: 'text/plain', max_bytes: 1 },
  ...over,
});

const CHANGES = [
  {
    tool: 'demo_wipe',
    kind: 'risk_lowered',
    old_digest: 'd'.repeat(64),
    new_digest: WIPE_DIGEST,
    old: definition({}),
    new: definition({ risk: 'read', description: 'Wipes\u001b[2K' }),
  },
  {
    tool: 'demo_echo',
    kind: 'risk_lowered',
    old_digest: 'e'.repeat(64),
    new_digest: ECHO_DIGEST,
    old: null,
    new: definition({ name: 'demo_echo', risk: 'write' }),
  },
];

const serving = (changes: readonly object[] = CHANGES) =>
  startServer({
    [SHOW]: (_, response) =>
      json(response, {
        object: 'manifest',
        agent_id: AGENT_ID,
        manifest_hash: HASH,
        manifest: { workspaces: [], tools: [] },
        pending_changes: changes,
      }),
    [ACCEPT]: (_, response) =>
      json(response, { object: 'agent', id: AGENT_ID, manifest: { pending_changes: [] } }),
  });

const sent = (received: readonly { readonly method: string; readonly body: string }[]): unknown =>
  received.filter(({ method }) => method === 'POST').map(({ body }): unknown => JSON.parse(body))[0];

test('agents accept-manifest shows what stood and what would stand, the risk first, and asks', async () => {
  await using server = await serving();
  const { exit, stderr, questions } = await xeroctl(WORDS, { ...server, attended: true, stdin: 'y' });
  expect(exit).toBe(0);
  expect(questions).toEqual(['Accept these 2 changes? [y/N] ']);
  expect(stderr).toMatch(/^Tool +demo_wipe\nRisk +irreversible -> read\nDescription was +Wipes\n/m);
  expect(stderr).toContain('Wipes\\x1b[2K');
  expect(stderr).toMatch(/^Risk +write; another agent had this name with a higher one$/m);
  expect(sent(server.received)).toEqual({ manifest_hash: HASH });
});

test.each([
  [['--tool', 'demo_wipe'], { changes: [{ tool: 'demo_wipe', new_digest: WIPE_DIGEST }] }, 'this change'],
  [['--all'], { manifest_hash: HASH }, 'these 2 changes'],
])('agents accept-manifest %j accepts what it showed', async (flags, body, what) => {
  await using server = await serving();
  const world = { ...server, attended: true, stdin: 'yes' };
  const { exit, questions } = await xeroctl([...WORDS, ...flags], world);
  expect({ exit, questions }).toEqual({ exit: 0, questions: [`Accept ${what}? [y/N] `] });
  expect(sent(server.received)).toEqual(body);
});

test.each([
  [
    ['--tool', 'demo_wipe', '--digest', ECHO_DIGEST],
    { changes: [{ tool: 'demo_wipe', new_digest: ECHO_DIGEST }] },
  ],
  [['--all'], { manifest_hash: HASH }],
])('agents accept-manifest %j --yes asks nobody', async (flags, body) => {
  await using server = await serving();
  const { exit, questions } = await xeroctl([...WORDS, ...flags, '--yes'], server);
  expect({ exit, questions }).toEqual({ exit: 0, questions: [] });
  expect(sent(server.received)).toEqual(body);
});

test.each([
  ['nobody is there', [], {}, '--yes'],
  ['the answer is no', [], { attended: true, stdin: 'n' }, 'nothing was accepted'],
  ['a script names nothing', ['--yes'], {}, '--tool and --digest'],
  ['a script names no digest', ['--yes', '--tool', 'demo_wipe'], {}, '--tool and --digest'],
  ['a digest stands alone', ['--digest', HASH], {}, '--tool'],
  ['one and all are meant', ['--tool', 'demo_wipe', '--all'], {}, 'not both'],
  ['nothing of the tool waits', ['--tool', 'demo_noop'], { attended: true }, 'no change of demo_noop'],
])('agents accept-manifest accepts nothing when %s', async (...[, flags, world, says]) => {
  await using server = await serving();
  const { exit, stderr } = await xeroctl([...WORDS, ...flags], { ...server, ...world });
  expect(exit).toBe(2);
  expect(stderr).toContain(says);
  expect(sent(server.received)).toBeUndefined();
});

test('agents accept-manifest ends with 4 when the change is not there any more', async () => {
  await using server = await startServer({
    [SHOW]: (_, response) => json(response, { agent_id: AGENT_ID, manifest_hash: HASH, pending_changes: [] }),
    [ACCEPT]: (_, response) => refuse(response, { code: 'manifest_change_not_found' }, { status: 404 }),
  });
  expect((await xeroctl([...WORDS, '--all', '--yes'], server)).exit).toBe(4);
});

test('agents manifest shows what waits', async () => {
  await using server = await serving();
  const { stdout } = await xeroctl(['agents', 'manifest', AGENT_ID], server);
  expect(stdout).toMatch(
    /^demo_echo +risk_lowered +- +write +c+$|^demo_wipe +risk_lowered +irreversible +read +b+$/m,
  );
});
