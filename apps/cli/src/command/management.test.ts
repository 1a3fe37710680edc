import { AGENT_ID, json, pageSample, startServer, WORKSPACE_ID } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../testing/terminal.ts';

const PERSON = { id: `prn_${'1'.repeat(24)}`, kind: 'human', name: 'ada' };
const JOIN_KEY = `jkr_${'5'.repeat(24)}`;
const KEY = `key_${'6'.repeat(24)}`;

const AGENT = {
  object: 'agent',
  id: AGENT_ID,
  registration_name: 'xem-01',
  status: 'online',
  version: '1',
  workspaces: [{ id: WORKSPACE_ID, name: 'prod', paused: false }],
  manifest: { version: 1, hash: 'h', tools: 7, pending_changes: [] },
  capacity: { slots: 4, in_flight: 1 },
  last_seen_at: '2026-01-01T00:00:00.000Z',
};

const MANIFEST = {
  object: 'manifest',
  agent_id: AGENT_ID,
  pending_changes: [],
  manifest_version: 3,
  manifest: {
    workspaces: [{ id: WORKSPACE_ID }],
    tools: [{ name: 'kubectl_get', risk: 'read', domain: 'kubernetes', description: 'Reads things' }],
  },
};

test.each([[['agents']], [['agents', 'list']]])(
  '%j lists agents with the columns of the seed',
  async (words) => {
    await using server = await startServer({
      'GET /v1/exec/agents': (_, response) => json(response, pageSample([AGENT])),
    });
    const { stdout } = await xeroctl(words, server);
    expect(stdout).toMatch(/^ID +Name +Status +Workspaces +Tools +Last seen\n/);
    expect(stdout).toMatch(/agt_3+ +xem-01 +online +ws_a1b2c3d4 +7 +2026-01-01T00:00:00.000Z\n$/);
  },
);

test('agents -o wide tells why an agent is paused', async () => {
  const paused = { reason: 'kernel upgrade', by: PERSON, at: '2026-01-01T00:00:00.000Z' };
  await using server = await startServer({
    'GET /v1/exec/agents': (_, response) =>
      json(
        response,
        pageSample([
          { ...AGENT, paused },
          { ...AGENT, paused: { ...paused, reason: null } },
        ]),
      ),
  });
  const { stdout } = await xeroctl(['agents', '-o', 'wide'], server);
  expect(stdout).toMatch(/Paused.*\n.*kernel upgrade.*\n.*by ada/);
});

test.each([
  [['agents', AGENT_ID], '', AGENT],
  [['agents', 'show', AGENT_ID], '', AGENT],
  [['agents', 'manifest', AGENT_ID], '/manifest', MANIFEST],
  [['agents', 'environment', AGENT_ID], '/environment', { object: 'agent_environment', os: 'linux' }],
  [
    ['agents', 'connectivity', AGENT_ID],
    '/connectivity',
    { object: 'agent_connectivity', state: 'connected' },
  ],
])('%j prints exactly the object of the API', async (words, path, answer) => {
  await using server = await startServer({
    [`GET /v1/exec/agents/${AGENT_ID}${path}`]: (_, response) => json(response, answer),
  });
  const { stdout, exit } = await xeroctl([...words, '-o', 'json'], server);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual(answer);
  expect((await xeroctl(words, server)).exit).toBe(0);
});

test('agents manifest shows the tools as a table', async () => {
  await using server = await startServer({
    [`GET /v1/exec/agents/${AGENT_ID}/manifest`]: (_, response) => json(response, MANIFEST),
  });
  const { stdout } = await xeroctl(['agents', 'manifest', AGENT_ID], server);
  expect(stdout).toMatch(/^Workspaces +ws_a1b2c3d4$/m);
  expect(stdout).toMatch(/^kubectl_get +read +kubernetes +Reads things$/m);
});

test.each([
  {
    words: [
      'agents',
      'join-keys',
      'create',
      '--name',
      'n1',
      '--workspace',
      `${WORKSPACE_ID},ws_00000000`,
      '--uses',
      '2',
      '--expires-in',
      '1h',
      '--replace',
    ],
    route: 'POST /v1/management/join-keys',
    body: {
      name: 'n1',
      workspaces: [WORKSPACE_ID, 'ws_00000000'],
      uses: 2,
      expires_in_seconds: 3600,
      replace: true,
    },
  },
  {
    words: ['agents', 'join-keys', 'revoke', JOIN_KEY],
    route: `POST /v1/management/join-keys/${JOIN_KEY}/revoke`,
    body: {},
  },
  {
    words: ['workspaces', 'create', 'prod', '--type', 'cluster'],
    route: 'POST /v1/workspaces',
    body: { name: 'prod', type: 'cluster' },
  },
  {
    words: ['workspaces', 'bind', WORKSPACE_ID, AGENT_ID],
    route: `POST /v1/workspaces/${WORKSPACE_ID}/bindings`,
    body: { agent_id: AGENT_ID },
  },
  {
    words: ['workspaces', 'unbind', WORKSPACE_ID, AGENT_ID],
    route: `DELETE /v1/workspaces/${WORKSPACE_ID}/bindings/${AGENT_ID}`,
  },
  {
    words: [
      'keys',
      'create',
      '--principal',
      PERSON.id,
      '--name',
      'k',
      '--scope',
      'execution',
      '--scope',
      'inference',
      '--can-decide',
    ],
    route: 'POST /v1/management/api-keys',
    body: { principal_id: PERSON.id, name: 'k', scopes: ['execution', 'inference'], can_decide: true },
  },
  {
    words: ['agents', 'pause-exec', AGENT_ID, '--reason', 'upgrade'],
    route: `POST /v1/management/agents/${AGENT_ID}/pause`,
    body: { reason: 'upgrade' },
  },
  {
    words: ['agents', 'resume-exec', AGENT_ID],
    route: `POST /v1/management/agents/${AGENT_ID}/resume`,
    body: {},
  },
  {
    words: ['agents', 'update', AGENT_ID, '--region', 'eu'],
    route: `PATCH /v1/management/agents/${AGENT_ID}`,
    body: { region: 'eu' },
  },
  {
    words: ['agents', 'update', AGENT_ID, '--no-region'],
    route: `PATCH /v1/management/agents/${AGENT_ID}`,
    body: { region: null },
  },
  {
    words: ['workspaces', 'pause', WORKSPACE_ID, '--reason', 'upgrade'],
    route: `POST /v1/workspaces/${WORKSPACE_ID}/pause`,
    body: { reason: 'upgrade' },
  },
  {
    words: ['workspaces', 'resume', WORKSPACE_ID],
    route: `POST /v1/workspaces/${WORKSPACE_ID}/resume`,
    body: {},
  },
  { words: ['project'], route: 'GET /v1/management/project' },
  { words: ['project', 'pause'], route: 'POST /v1/management/project/pause', body: {} },
  {
    words: ['project', 'update', '--plan', 'team', '--rate', '600/100', '--tariff', 'none'],
    route: 'PATCH /v1/management/project',
    body: { plan: 'team', rate: { per_minute: 600, burst: 100 }, tariff: null },
  },
  {
    words: ['project', 'update', '--billing', 'delinquent', '--rate', 'none', '--tariff', '5/1'],
    route: 'PATCH /v1/management/project',
    body: { billing: 'delinquent', rate: null, tariff: { per_call: 5, per_second: 1 } },
  },
  {
    words: ['project', 'top-up', '500'],
    route: 'POST /v1/management/project/credit',
    body: { credits: 500 },
  },
  {
    words: ['project', 'resume', '--reason', 'done'],
    route: 'POST /v1/management/project/resume',
    body: { reason: 'done' },
  },
  { words: ['keys', 'revoke', KEY], route: `POST /v1/management/api-keys/${KEY}/revoke`, body: {} },
  {
    words: ['principals', 'create', '--kind', 'service', 'ci', '--group', 'bots'],
    route: 'POST /v1/management/principals',
    body: { kind: 'service', name: 'ci', groups: ['bots'] },
  },
])('$words sends $route', async ({ words, route, body }) => {
  await using server = await startServer({
    [route]: (_, response) => json(response, { object: 'it', id: 'x' }),
  });
  const { exit, stderr } = await xeroctl([...words, '-o', 'json'], server);
  expect({ exit, received: server.received.length }, stderr).toEqual({ exit: 0, received: 1 });
  const sent = server.received[0]?.body ?? '';
  expect(sent === '' ? undefined : JSON.parse(sent)).toEqual(body);
});

test.each([
  ['no scope', ['keys', 'create', '--principal', PERSON.id, '--name', 'k'], 'give --scope'],
  [
    'a scope that is none',
    ['keys', 'create', '--principal', PERSON.id, '--name', 'k', '--scope', 'all'],
    'not all',
  ],
  ['no change', ['agents', 'update', AGENT_ID], 'nothing to change'],
  ['no change of the project', ['project', 'update'], 'nothing to change'],
  ['a rate that is none', ['project', 'update', '--rate', '600'], '--rate must be MINUTE/BURST or none'],
  ['no credits', ['project', 'top-up', '0'], 'CREDITS must be a whole number above 0'],
  ['no change of a workspace', ['workspaces', 'update', WORKSPACE_ID], 'nothing to change'],
  [
    'a limit of no tool',
    ['workspaces', 'update', WORKSPACE_ID, '--tool-limit', 'demo_echo'],
    '--tool-limit must be TOOL=N',
  ],
  ['no kind', ['principals', 'create', 'ci'], 'give --kind'],
  ['a workspace of another form', ['agents', 'join-keys', 'create', '--workspace', 'prod'], 'must be ws_'],
])('a change with %s is refused with 2', async (_, words, says) => {
  await using server = await startServer({});
  const { exit, stderr } = await xeroctl(words, server);
  expect(exit).toBe(2);
  expect(stderr).toContain(says);
  expect(server.received).toHaveLength(0);
});

test.each([
  [true, 0],
  [false, 1],
])('journal verify of a chain that is whole: %s, ends with %i', async (ok, exit) => {
  const verification = { object: 'journal_verification', ok, entries: 3, first_bad_seq: ok ? null : 2 };
  await using server = await startServer({
    'GET /v1/exec/journal/verify': (_, response) => json(response, verification),
  });
  expect((await xeroctl(['journal', 'verify'], server)).exit).toBe(exit);
});

test('auth whoami names the principal in a line', async () => {
  await using server = await startServer({
    'GET /v1/whoami': (_, response) =>
      json(response, { object: 'whoami', principal: PERSON, scopes: ['execution'] }),
  });
  const { stdout } = await xeroctl(['auth', 'whoami'], server);
  expect(stdout).toBe(`Principal  ada (human ${PERSON.id})\nScopes     execution\n`);
});

test('errors CODE asks the router, and the own catalogue when there is none', async () => {
  const row = {
    object: 'error',
    code: 'of_tomorrow',
    message: 'new',
    operator_action: 'update',
    http: [418],
  };
  await using server = await startServer({
    'GET /v1/errors': (_, response) => json(response, pageSample([row])),
  });
  expect((await xeroctl(['errors', 'of_tomorrow'], server)).stdout).toContain('update');
  const alone = await xeroctl(['errors', 'invocation_terminal', '-o', 'json']);
  expect(JSON.parse(alone.stdout)).toMatchObject({ code: 'invocation_terminal', http: [409], exit_code: 8 });
  const unknown = await xeroctl(['errors', 'no_such_code']);
  expect(unknown.exit).toBe(2);
  expect(unknown.stderr).toContain('there is no code no_such_code; without a code, errors lists them all');
});
