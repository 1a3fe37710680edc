import { expectAnswered } from '../contract/expect-answered.ts';
import { expectEnd, expectRefusal } from '../contract/expect-code.ts';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, AgentManifest, type Invocation } from '@xem/protocol';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { call, codeOf, errorOf } from '../mesh/api.ts';
import { ask, decide, reach, run, settled } from '../mesh/invoke.ts';
import { meshDir, removeMesh, startMesh, until, type Mesh } from '../mesh/mesh.ts';
import { startOwnAgent, type OwnAgent } from '../mesh/own-agent.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const NAME = 'changing-agent';
const POLICY = [
  'rules:',
  '  - name: hands-off-production',
  '    effect: deny',
  '    tools: [vetoed]',
  '    args: { text: ^prod }',
  '',
].join('\n');

let mesh: Mesh;
let agent: OwnAgent;

const pathOf = (...parts: readonly string[]): string => join(mesh.dir, NAME, ...parts);

interface Tool {
  readonly name: string;
  readonly risk: string;
  /** A line of shell; `$1` is the argument. */
  readonly line: string;
}

/** Writes a bundle with one tool, in place of the one of that name. */
function writeTool({ name, risk, line }: Tool, folder = 'tools'): void {
  mkdirSync(pathOf(folder, name), { recursive: true });
  const argv = JSON.stringify(['sh', '-c', line, 'sh', '{text}']);
  const lines = [
    'tools:',
    `  - name: ${name}`,
    '    description: A tool of a test.',
    `    risk: ${risk}`,
    '    parameters: { type: object, properties: { text: { type: string } }, required: [text] }',
    `    command: { run: ${argv} }`,
    '',
  ];
  writeFileSync(pathOf(folder, name, 'bundle.yaml'), lines.join('\n'));
}

/** Tools that leave a line each time they run. */
const effectful = (name: string, risk: string): Tool => ({
  name,
  risk,
  line: `echo "$1" >>'${pathOf('effects')}'`,
});

const effects = (): readonly string[] => {
  try {
    return readFileSync(pathOf('effects'), 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
};

async function recordOf(name: string): Promise<Agent> {
  const { body } = await call(mesh, { path: '/v1/exec/agents?limit=100' });
  const { data } = z.object({ data: z.array(Agent) }).parse(body);
  const found = data.find((one) => one.registration_name === name);
  if (!found) throw new Error(`there is no agent ${name}`);
  return found;
}

const ownRecord = (): Promise<Agent> => recordOf(NAME);

/** Lets the agent read its bundles again, and waits until the router has the manifest. */
async function republish(): Promise<Agent> {
  const { manifest } = await ownRecord();
  process.kill(agent.pid(), 'SIGHUP');
  await until('another manifest', async () => (await ownRecord()).manifest.version > manifest.version);
  return ownRecord();
}

const riskOf = async (tool: string): Promise<unknown> => {
  const { body } = await call(mesh, { path: '/v1/exec/tools?limit=100' });
  const { data } = z.object({ data: z.array(z.object({ name: z.string(), risk: z.string() })) }).parse(body);
  return data.find(({ name }) => name === tool)?.risk;
};

const request = (tool: string, agentId?: string) =>
  call(mesh, {
    method: 'POST',
    path: '/v1/exec/invocations',
    as: 'service',
    headers: { prefer: 'wait=60' },
    body: {
      workspace_id: mesh.facts.workspace_id,
      tool,
      args: { text: 'x' },
      ...(agentId && { agent_id: agentId }),
    },
  });

const accept = (id: string, body: object) =>
  call(mesh, { method: 'POST', path: `/v1/management/agents/${id}/accept-manifest`, body });

const approve = ({ approval }: Invocation) => decide(mesh, approval?.id ?? '', { verb: 'approve' });

beforeAll(async () => {
  mesh = await startMesh(await meshDir());
  mkdirSync(pathOf('tools'), { recursive: true });
  for (const name of ['pulled', 'guarded', 'vetoed']) writeTool(effectful(name, 'destructive'));
  for (const folder of ['tools', 'other-tools']) writeTool(effectful('shared', 'write'), folder);
  writeTool({ name: 'patient', risk: 'write', line: 'echo up; while [ ! -e "$1" ]; do sleep 0.05; done' });
  writeFileSync(pathOf('policy.yaml'), POLICY, { mode: 0o600 });
  agent = await startOwnAgent(mesh, {
    name: NAME,
    toolsDir: pathOf('tools'),
    policyPath: pathOf('policy.yaml'),
  });
});

afterAll(async () => {
  await agent.end('SIGKILL');
  await mesh.stop();
  await removeMesh(mesh.dir);
});

proves(
  'manifest.rug-pull',
  'nothing of it runs meanwhile, the refusal has the command, and the approval over the old one is stale',
  async () => {
    const asked = await ask(mesh, { tool: 'pulled', args: { text: 'old' } });
    expect(asked.status).toBe('pending_approval');
    writeTool(effectful('pulled', 'read'));
    const { id, manifest } = await republish();
    expect(manifest.pending_changes).toMatchObject([{ tool: 'pulled', kind: 'risk_lowered' }]);
    expect(await riskOf('pulled')).toBe('destructive');
    const refused = await request('pulled');
    expect([refused.status, codeOf(refused)]).toEqual([400, 'exec_tool_not_found']);
    const digest = manifest.pending_changes[0]?.new_digest ?? '';
    const words = ['agents', 'accept-manifest', id, '--tool', 'pulled', '--digest', digest];
    expect(errorOf(refused).message).toContain(`xeroctl ${words.join(' ')}`);
    expect(codeOf(await approve(asked))).toBe('approval_stale');
    expect((await xeroctl(mesh, [...words, '--yes'])).code).toBe(0);
    expect(await riskOf('pulled')).toBe('read');
    expect(await run(mesh, { tool: 'pulled', args: { text: 'new' } })).toMatchObject({ status: 'completed' });
    expect(effects().filter((line) => line === 'old' || line === 'new')).toEqual(['new']);
    const journal = await call(mesh, { path: '/v1/exec/journal?types=agent.manifest_accepted' });
    expect(journal.body).toMatchObject({
      data: [{ actor: { kind: 'human' }, data: { new_digest: digest } }],
    });
  },
);

proves('manifest.humans-accept', 'even with the scope, and the change goes on waiting', async () => {
  const whoami = await call(mesh, { path: '/v1/whoami', as: 'service' });
  const { principal } = z.object({ principal: z.object({ id: z.string() }) }).parse(whoami.body);
  const minted = await call(mesh, {
    method: 'POST',
    path: '/v1/management/api-keys',
    body: { principal_id: principal.id, name: 'eager', scopes: ['management', 'execution'] },
  });
  const { value } = z.object({ value: z.string() }).parse(minted.body);
  writeTool(effectful('guarded', 'write'));
  const { id } = await republish();
  const shown = AgentManifest.parse((await call(mesh, { path: `/v1/exec/agents/${id}/manifest` })).body);
  expect(shown.pending_changes).toMatchObject([
    { tool: 'guarded', old: { risk: 'destructive' }, new: { risk: 'write' } },
  ]);
  const refused = await call(mesh, {
    method: 'POST',
    path: `/v1/management/agents/${id}/accept-manifest`,
    as: null,
    headers: { authorization: `Bearer ${value}` },
    body: { manifest_hash: shown.manifest_hash },
  });
  expect([refused.status, codeOf(refused)]).toEqual([403, 'scope_insufficient']);
  expect((await ownRecord()).manifest.pending_changes).toHaveLength(1);
});

proves('manifest.ambiguous', 'and nothing is accepted that was not shown', async () => {
  const name = 'second-agent';
  const second = await startOwnAgent(mesh, { name, toolsDir: pathOf('other-tools') });
  writeTool(effectful('shared', 'read'));
  const { id, manifest } = await republish();
  const change = manifest.pending_changes.find(({ tool }) => tool === 'shared');
  const stale = await accept(id, { changes: [{ tool: 'shared', new_digest: change?.old_digest }] });
  expect([stale.status, codeOf(stale)]).toEqual([404, 'manifest_change_not_found']);
  expect((await request('shared')).body).toMatchObject({ status: 'completed' });
  const accepted = await accept(id, { changes: [{ tool: 'shared', new_digest: change?.new_digest }] });
  expect(accepted.status).toBe(200);
  expectAnswered(mesh, 'agent.accept_manifest');
  const ambiguous = await request('shared');
  expectRefusal(ambiguous, 'tool_ambiguous', '/tool');
  const other = await recordOf(name);
  for (const agentId of [id, other.id]) {
    expect((await request('shared', agentId)).body).toMatchObject({ status: 'completed', agent_id: agentId });
  }
  expect(await second.end('SIGTERM')).toBe(0);
});

proves('manifest.reload', 'the run ends as if nothing had been, on its first attempt', async () => {
  const door = pathOf('door');
  const asked = await ask(mesh, { tool: 'patient', args: { text: door } });
  await reach(mesh, asked.id, ['running']);
  writeTool({ name: 'fresh', risk: 'read', line: 'echo "$1"' });
  await republish();
  expect(await run(mesh, { tool: 'fresh', args: { text: 'hello' } })).toMatchObject({ status: 'completed' });
  writeFileSync(door, '');
  expect(await settled(mesh, asked.id)).toMatchObject({ status: 'completed', attempt: 1 });
});

proves('manifest.local-policy', 'with the name of the rule, and only what the rule names', async () => {
  const forbidden = await ask(mesh, { tool: 'vetoed', args: { text: 'prod-1' } });
  const allowed = await ask(mesh, { tool: 'vetoed', args: { text: 'test-1' } });
  for (const asked of [forbidden, allowed]) expect((await approve(asked)).status).toBe(200);
  const ended = await settled(mesh, forbidden.id);
  expectEnd(ended, 'agent_refused');
  expect(ended.error?.message).toContain('hands-off-production');
  expect(await settled(mesh, allowed.id)).toMatchObject({ status: 'completed' });
  expect(effects().filter((line) => line.endsWith('-1'))).toEqual(['test-1']);
});
