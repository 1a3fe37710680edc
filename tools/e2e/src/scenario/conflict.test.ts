import { join } from 'node:path';
import { expectAnswered } from '../contract/expect-answered.ts';
import { expectPrinted } from '../contract/expect-code.ts';
import { Agent, JournalEntry, Workspace, type Invocation } from '@xem/protocol';
import { expect } from 'vitest';
import { agentHost, agentsNamed, standing, type AgentProcess } from '../mesh/agent-process.ts';
import { call, codeOf } from '../mesh/api.ts';
import { doorIn } from '../mesh/door.ts';
import { enrolAs, intruder, mintJoinKey } from '../mesh/intruder.ts';
import { reach, settled } from '../mesh/invoke.ts';
import { isAlive, pidsOf, until, type Mesh } from '../mesh/mesh.ts';
import { useMeshes } from '../mesh/use-meshes.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

/** A lease of 2.4 s, so that nobody waits half a minute for one to end. */
const SHORT_LEASE = { XEM_LEASE_RENEWAL_INTERVAL_MS: '800' };
const NAME = 'twin';

const { start, folder } = useMeshes(SHORT_LEASE);

async function makeWorkspace(mesh: Mesh): Promise<Workspace['id']> {
  const body = { name: 'twins' };
  return Workspace.parse((await call(mesh, { method: 'POST', path: '/v1/workspaces', body })).body).id;
}

const tryCall = (mesh: Mesh, workspace: string, { tool, args = {} }: { tool: string; args?: object }) =>
  call(mesh, {
    method: 'POST',
    path: '/v1/exec/invocations',
    as: 'service',
    body: { workspace_id: workspace, tool, args },
  });

async function askIn(mesh: Mesh, workspace: string, what: { tool: string; args?: object }): Promise<string> {
  const answer = await tryCall(mesh, workspace, what);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return String(Object(answer.body)['id']);
}

const resolve = (mesh: Mesh, id: string, more: object = {}) =>
  call(mesh, {
    method: 'POST',
    path: `/v1/management/agents/${id}/resolve-conflict`,
    body: { keep: 'incumbent' },
    ...more,
  });

async function killRouter(mesh: Mesh): Promise<Mesh> {
  process.kill(mesh.facts.pids.router, 'SIGKILL');
  await until('the end of the mesh', () => pidsOf(mesh.facts).every((pid) => !isAlive(pid)));
  await until(
    'the end of the supervisor',
    () => mesh.supervisor.exitCode !== null || mesh.supervisor.signalCode !== null,
  );
  return start(mesh.dir);
}

/** How often an agent was told of the conflict. */
const told = (agent: AgentProcess): number => agent.words().split('agent.name_contested').length - 1;

const ended = (agent: AgentProcess): Promise<void> =>
  until('the end of an agent', () => agent.status() !== null);

/** One host went down, another took its name with a key minted for it, and then the first one comes back. */
async function twins(mesh: Mesh) {
  const workspace = await makeWorkspace(mesh);
  const key = { name: NAME, workspaces: [workspace] };
  const [one, other] = [agentHost(NAME), agentHost(NAME)];
  for (const { env } of [one, other]) env['XEM_TOOLS_DIR'] = join(mesh.dir, 'tools');
  const before = one.start(await mintJoinKey(mesh, key));
  await standing(mesh, NAME, ['online']);
  await before.kill('SIGKILL');
  await standing(mesh, NAME, ['offline']);
  const challenger = other.start(await mintJoinKey(mesh, key));
  await standing(mesh, NAME, ['online', 'offline']);
  const door = doorIn(mesh, 'twins');
  const running = await askIn(mesh, workspace, { tool: 'door_read', args: door.args });
  await reach(mesh, running, ['running']);
  const incumbent = one.start();
  const [second, first] = await standing(mesh, NAME, ['conflict', 'conflict']);
  if (!first || !second) throw new Error('there are no two of them');
  return { workspace, running, door, one, other, incumbent, challenger, first, second };
}

proves(
  'enrolment.conflict',
  'while what runs goes on, over a restart of the router, and the loser ends with 78',
  async () => {
    const before = await start(await folder());
    const { workspace, running, door, incumbent, challenger, other, first, second } = await twins(before);
    expect(codeOf(await tryCall(before, workspace, { tool: 'demo_noop' }))).toBe('exec_tool_not_found');
    door.open();
    expect(await settled(before, running)).toMatchObject({
      status: 'completed',
      agent_id: second.id,
      attempt: 1,
    });
    for (const agent of [incumbent, challenger]) {
      await until('both to be told', () => agent.words().includes('agent.name_contested'));
      for (const word of [first.curve_fingerprint, second.curve_fingerprint, 'resolve-conflict'])
        expect(agent.words()).toContain(word);
    }

    const mesh = await killRouter(before);
    await until('both to be told again', () => told(incumbent) > 1 && told(challenger) > 1);
    await standing(mesh, NAME, ['conflict', 'conflict']);
    expect([incumbent.status(), challenger.status()]).toEqual([null, null]);

    expect(codeOf(await resolve(mesh, first.id, { as: 'service' }))).toBe('scope_insufficient');
    expect(codeOf(await resolve(mesh, first.id, { as: 'other_project' }))).toBe('agent_not_found');
    const shown = await xeroctl(mesh, ['agents', 'resolve-conflict', second.id]);
    expect([shown.code, shown.stderr]).toEqual([2, expect.stringContaining(first.curve_fingerprint)]);
    const kept = await xeroctl(mesh, [
      'agents',
      'resolve-conflict',
      second.id,
      '--keep',
      'incumbent',
      '-o',
      'json',
    ]);
    expect(Agent.parse(JSON.parse(String(kept.stdout)))).toMatchObject({ id: first.id, status: 'online' });
    await ended(challenger);
    expect(challenger.status()).toBe(78);
    expectPrinted(challenger.words(), 'agent_name_conflict');
    expect(challenger.words()).toContain('To enrol again');
    const next = await askIn(mesh, workspace, { tool: 'demo_noop' });
    expect(await settled(mesh, next)).toMatchObject({ status: 'completed', agent_id: first.id });
    expect(codeOf(await resolve(mesh, first.id))).toBe('invalid_state');
    expectAnswered(mesh, 'agent.resolve_conflict');

    const again = other.start();
    await ended(again);
    expect(again.words()).toContain('curve_key_rejected');
    await standing(mesh, NAME, ['evicted', 'online']);
  },
);

proves(
  'enrolment.conflict',
  'and one that is away when the other is kept hears of it when it comes back',
  async () => {
    const mesh = await start(await folder());
    const { workspace, incumbent, one, first, second } = await twins(mesh);
    expect(
      codeOf(
        await call(mesh, {
          method: 'POST',
          path: `/v1/management/agents/${first.id}/resolve-conflict`,
          body: {},
        }),
      ),
    ).toBe('invalid_body');
    await incumbent.kill('SIGKILL');
    const third = await enrolAs(intruder(), NAME, await mintJoinKey(mesh, { name: NAME }));
    expect(third).toMatchObject({ ok: false, code: 'agent_name_in_use' });
    const answer = await resolve(mesh, first.id, { body: { keep: 'challenger' } });
    expect(Agent.parse(answer.body)).toMatchObject({ id: second.id, status: 'online' });
    expect(await settled(mesh, await askIn(mesh, workspace, { tool: 'demo_noop' }))).toMatchObject({
      agent_id: second.id,
    });
    const back = one.start();
    await ended(back);
    expect(back.status()).toBe(78);
    expect(back.words()).toContain('To enrol again');
    const { body } = await call(mesh, {
      path: '/v1/exec/journal?types=agent.conflict,agent.evicted,agent.conflict_resolved',
    });
    const types = JournalEntry.array()
      .parse(Object(body)['data'])
      .map(({ type }) => type);
    expect(types).toEqual(['agent.conflict_resolved', 'agent.evicted', 'agent.conflict', 'agent.conflict']);
  },
);

proves('enrolment.replace', 'while the one that goes is online and runs something', async () => {
  const mesh = await start(await folder());
  const workspace = await makeWorkspace(mesh);
  const old = agentHost(NAME).start(await mintJoinKey(mesh, { name: NAME, workspaces: [workspace] }));
  const [former] = await standing(mesh, NAME, ['online']);
  const running = await askIn(mesh, workspace, { tool: 'demo_sleep', args: { seconds: 60 } });
  await reach(mesh, running, ['running']);
  const taken = await enrolAs(intruder(), NAME, await mintJoinKey(mesh, { name: NAME }));
  expect(taken).toMatchObject({
    code: 'agent_name_in_use',
    operator_action: expect.stringContaining('--replace'),
  });

  const heir = agentHost(NAME).start(await mintJoinKey(mesh, { name: NAME, replace: true }));
  const [present] = await standing(mesh, NAME, ['online', 'retired']);
  await until('the heir to serve the workspace', async () => {
    const [now] = await agentsNamed(mesh, NAME);
    return now?.workspaces.some(({ id }) => id === workspace) ?? false;
  });
  await ended(old);
  expect(old.status()).toBe(78);
  expect(old.words()).toContain('xem-agent: retired:');
  let moved: Invocation | undefined;
  await until('the heir to run what was left', async () => {
    moved = await reach(mesh, running, ['running']);
    return moved.attempt === 2;
  });
  expect(moved?.agent_id).toBe(present?.id);
  await call(mesh, { method: 'POST', path: `/v1/exec/invocations/${running}/cancel`, body: {} });
  expect(await settled(mesh, running)).toMatchObject({ status: 'cancelled' });
  expect(former?.id).not.toBe(present?.id);
  expect(heir.status()).toBeNull();

  await call(mesh, { method: 'DELETE', path: `/v1/workspaces/${workspace}/bindings/${present?.id}` });
  await heir.kill('SIGKILL');
  await standing(mesh, NAME, ['offline', 'retired']);
  const inherits = await enrolAs(intruder(), NAME, await mintJoinKey(mesh, { name: NAME }));
  expect(inherits).toMatchObject({ ok: true, bindings: [] });
  expect((await agentsNamed(mesh, NAME)).map(({ status }) => status)).toEqual([
    'offline',
    'offline',
    'retired',
  ]);
});
