import { AGENT_ID, json, pageSample, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const ROW = {
  object: 'tool',
  name: 'kubectl_drain',
  description: 'Moves all pods off a node, so that it can be worked on without anybody noticing',
  domain: 'kubernetes',
  risk: 'destructive',
  timeout_ms: 60_000,
  digest: 'a'.repeat(64),
  variants: 1,
  mcp: { visible: true, alias: 'kubectl_drain' },
  workspaces: ['ws_a1b2c3d4'],
  agents_online: 1,
  agents_total: 2,
  requires_approval: true,
};

const DESCRIPTOR = {
  ...ROW,
  parameters: {
    type: 'object',
    properties: {
      node: { type: 'string', description: 'The node', minLength: 1 },
      grace: { type: 'integer', default: 30 },
      mode: { enum: ['soft', 'hard'] },
    },
    required: ['node'],
    additionalProperties: false,
  },
  idempotent: false,
  output: { media_type: 'text/plain', max_bytes: 1024 },
  declared_risk: 'destructive',
  agents: [{ id: AGENT_ID, registration_name: 'xem-01', status: 'online' }],
  example: { args: { node: "it's" } },
};

const listing = () =>
  startServer({ 'GET /v1/exec/tools': (_, response) => json(response, pageSample([ROW])) });

test('exec tools prints name and description in a pipe', async () => {
  await using server = await listing();
  const { stdout } = await xeroctl(['exec', 'tools'], server);
  expect(stdout).toBe(`Name           Description\nkubectl_drain  ${ROW.description}\n`);
});

test('exec tools fits its descriptions into the terminal', async () => {
  await using server = await listing();
  const narrow = await xeroctl(['exec', 'tools'], { baseUrl: server.baseUrl, columns: 40 });
  for (const line of narrow.stdout.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  expect(narrow.stdout).toContain('…');
  const wide = await xeroctl(['exec', 'tools', '-o', 'wide'], server);
  expect(wide.stdout).toMatch(/Name +Description +Risk +Domain +Agents\n/);
  expect(wide.stdout).toMatch(/destructive +kubernetes +1\/2\n$/);
});

test('exec tools sends its filters', async () => {
  await using server = await listing();
  const filters = [
    '--workspace',
    'ws_a1b2c3d4',
    '--domain',
    'd',
    '--risk',
    'read',
    '--search',
    'pods',
    '--online',
  ];
  await xeroctl(['exec', 'tools', ...filters], server);
  expect(server.received[0]?.url).toBe(
    '/v1/exec/tools?workspace_id=ws_a1b2c3d4&domain=d&risk=read&q=pods&online=true',
  );
});

test('exec tool-show prints every field, the arguments, and a line to invoke it with', async () => {
  await using server = await startServer({
    'GET /v1/exec/tools/kubectl_drain': (_, response) => json(response, DESCRIPTOR),
  });
  const { stdout, exit } = await xeroctl(['exec', 'tool-show', 'kubectl_drain'], server);
  expect(exit).toBe(0);
  for (const [name, value] of [
    ['Name', 'kubectl_drain'],
    ['Risk', 'destructive'],
    ['Timeout', '1 min'],
    ['Requires approval', 'yes'],
    ['Output max bytes', '1024'],
  ])
    expect(stdout).toMatch(new RegExp(`^${name} +${value}$`, 'm'));
  expect(stdout).toMatch(/^Agents\n +ID +Registration name +Status\n +agt_3+ +xem-01 +online$/m);
  expect(stdout).toContain('  node  (string, required, minLength 1)\n      The node\n');
  expect(stdout).toContain('  grace  (integer, optional, default 30)\n');
  expect(stdout).toContain('  mode  ("soft" | "hard", optional)\n');
  expect(stdout).toContain(
    `xeroctl exec invoke --workspace ws_a1b2c3d4 --tool kubectl_drain --args '{"node":"it'\\''s"}'\n`,
  );
});

test('exec tool-show prints exactly the object of the API as JSON', async () => {
  await using server = await startServer({
    'GET /v1/exec/tools/kubectl_drain': (_, response) => json(response, DESCRIPTOR),
  });
  const { stdout } = await xeroctl(['exec', 'tool-show', 'kubectl_drain', '-o', 'json'], server);
  expect(JSON.parse(stdout)).toEqual(DESCRIPTOR);
});
