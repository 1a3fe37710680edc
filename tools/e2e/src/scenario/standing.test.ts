import { expectEnd } from '../contract/expect-code.ts';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR_MS, Agent, JournalEntry } from '@xem/protocol';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { agentHost, agentsNamed, standing } from '../mesh/agent-process.ts';
import { call, codeOf } from '../mesh/api.ts';
import { doorIn } from '../mesh/door.ts';
import { mintJoinKey } from '../mesh/intruder.ts';
import { ask, reach, read, settled } from '../mesh/invoke.ts';
import { meshDir, removeMesh, startMesh, until, type Mesh } from '../mesh/mesh.ts';
import { slowHost, type SlowHost } from '../mesh/slow-host.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const QUEUE_MS = 2000;
const GRACE_MS = 2000;
const mesh = useMesh({ XEM_QUEUE_TIMEOUT_MS: `${QUEUE_MS}`, XEM_LOST_GRACE_MS: `${GRACE_MS}` });

const Paused = z.object({ paused: z.object({ reason: z.string().nullable() }).nullable() });
const Entries = z.object({ data: z.array(JournalEntry) });

const agentId = (): string => mesh().facts.agent_ids[0] ?? '';

async function run(words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await xeroctl(mesh(), [...words, '-o', 'json']);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.toString('utf8'));
}

const LEVELS = [
  {
    level: 'an agent',
    words: () => [
      ['agents', 'pause-exec', agentId()],
      ['agents', 'resume-exec', agentId()],
    ],
  },
  {
    level: 'a workspace',
    words: () => [
      ['workspaces', 'pause', mesh().facts.workspace_id],
      ['workspaces', 'resume', mesh().facts.workspace_id],
    ],
  },
  {
    level: 'the project',
    words: () => [
      ['project', 'pause'],
      ['project', 'resume'],
    ],
  },
] as const;

for (const { level, words } of LEVELS) {
  proves('standing.pause', `of ${level}, longer than a call may wait for an agent`, async () => {
    const [pause = [], resume = []] = words();
    const door = doorIn(mesh(), level);
    const running = await ask(mesh(), { tool: 'door_read', args: door.args });
    await reach(mesh(), running.id, ['running']);
    expect(Paused.parse(await run([...pause, '--reason', 'maintenance']))).toEqual({
      paused: { reason: 'maintenance' },
    });
    const gated = await ask(mesh(), { tool: 'demo_effect' });
    const approve = `/v1/exec/approvals/${gated.approval?.id}/approve`;
    expect((await call(mesh(), { method: 'POST', path: approve, as: 'approver', body: {} })).status).toBe(
      200,
    );
    const held = await ask(mesh(), { tool: 'demo_echo' });
    door.open();
    expect(await settled(mesh(), running.id)).toMatchObject({ status: 'completed' });
    const waited = await Promise.all([gated, held].map(({ id }) => read(mesh(), id, 'wait=3')));
    for (const call_ of waited) expect(call_).toMatchObject({ status: 'queued', attempt: 0 });
    expect(Paused.parse(await run(resume))).toEqual({ paused: null });
    for (const { id } of [gated, held])
      expect(await settled(mesh(), id)).toMatchObject({ status: 'completed', attempt: 1 });
  });
}

const turn = (verb: 'pause' | 'resume', on: Mesh) =>
  call(on, { method: 'POST', path: `/v1/management/project/${verb}`, body: {} });

proves('standing.pause', 'of the project, through a restart of the whole mesh', async () => {
  const before = await startMesh(await meshDir());
  await turn('pause', before);
  const first = await ask(before, { tool: 'demo_echo' });
  await before.stop();
  const after = await startMesh(before.dir);
  onTestFinished(async () => {
    await after.stop();
    await removeMesh(after.dir);
  });
  const second = await ask(after, { tool: 'demo_echo', headers: { prefer: 'wait=1' } });
  for (const { id } of [first, second])
    expect(await read(after, id)).toMatchObject({ status: 'queued', attempt: 0 });
  await turn('resume', after);
  for (const { id } of [first, second])
    expect(await settled(after, id)).toMatchObject({ status: 'completed' });
});

proves(
  'standing.clock',
  'and a call that nobody takes after the resume ends when its own time is over',
  async () => {
    const { agent, ask: askSlow, process, workspaceId } = await slowHost(mesh(), 'standing-clock');
    await run(['workspaces', 'pause', workspaceId]);
    const held = await askSlow(0);
    const heldUntil = Date.parse(held.deadline_at ?? '') - Date.parse(held.created_at);
    expect(Math.round(heldUntil / HOUR_MS)).toBe(24);
    await process.kill('SIGKILL');
    expect(await read(mesh(), held.id, 'wait=3')).toMatchObject({ status: 'queued' });
    await run(['workspaces', 'resume', workspaceId]);
    const ended = await settled(mesh(), held.id);
    expect(ended).toMatchObject({ status: 'timeout', attempt: 0 });
    expectEnd(ended, 'queue_timeout');
    expect(Date.parse(ended.ended_at ?? '') - Date.parse(ended.created_at)).toBeGreaterThan(QUEUE_MS + 1000);
    expect(agent.actions).toContain('evict');
  },
);

const WAYS_OUT = [
  { verb: 'evict', code: 'evicted', status: 'evicted', remedy: 'identity.json' },
  { verb: 'ban', code: 'banned', status: 'banned', remedy: 'may never enrol again' },
  { verb: 'revoke-credentials', code: 'credentials_revoked', status: 'evicted', remedy: 'with new keys' },
  { verb: 'delete', code: 'deleted', status: 'retired', remedy: 'with new keys' },
] as const;

for (const { verb, code, status, remedy } of WAYS_OUT) {
  proves('standing.put-out', `agents ${verb}, under a run that nobody may repeat`, async () => {
    const { agent, process, ask: askSlow } = await slowHost(mesh(), `out-${verb}`);
    const running = await askSlow(60);
    const waiting = await askSlow(0);
    await reach(mesh(), running.id, ['running']);
    await reach(mesh(), waiting.id, ['completed']);
    const refused = await xeroctl(mesh(), ['agents', verb, agent.id]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    await run(['agents', verb, agent.id, '--yes']);
    await until(`the end of the agent (${process.words()})`, () => process.status() !== null);
    expect(process.status()).toBe(78);
    expect(process.words()).toContain(`xem-agent: ${code}: `);
    expect(process.words()).toContain(remedy);
    expect(await settled(mesh(), running.id)).toMatchObject({
      status: 'failed',
      error: { code: 'agent_lost' },
    });
    expect(await agentsNamed(mesh(), agent.registration_name)).toMatchObject([{ status, workspaces: [] }]);
    const events = await run(['agents', 'events', agent.id, '--limit', '1']);
    expect(Entries.parse(events).data[0]?.type).toMatch(/^agent\.(?:evicted|banned|retired)$/);
  });
}

/** Forgets who the agent of a host is, and starts it with a new join key and the keys it has. */
async function comeBack({ host, agent }: SlowHost) {
  rmSync(join(host.env['XEM_STATE_DIR'] ?? '', 'identity.json'));
  return host.start(await mintJoinKey(mesh(), { name: agent.registration_name }));
}

async function leaveBy(verb: string, slow: SlowHost): Promise<void> {
  await run(['agents', verb, slow.agent.id, '--yes', '--reason', 'a test']);
  await until('the end of the agent', () => slow.process.status() === 78);
}

for (const verb of ['ban', 'revoke-credentials'] as const) {
  proves('standing.keys', `agents ${verb}: the same keys with a new join key, and on the line`, async () => {
    const slow = await slowHost(mesh(), `keys-${verb}`);
    await leaveBy(verb, slow);
    const stubborn = slow.host.start();
    await until('the end of an agent whose key is not admitted', () => stubborn.status() !== null);
    expect(stubborn.status()).toBe(78);
    const again = await comeBack(slow);
    await until('the end of an agent that may not enrol', () => again.status() !== null);
    expect(again.status()).toBe(78);
    expect(again.words()).toMatch(/join_key_invalid: .* they may never enrol again/);
    expect(await agentsNamed(mesh(), slow.agent.registration_name)).toHaveLength(1);
  });
}

proves('standing.keys', 'agents evict: the same keys are a new agent, which inherits nothing', async () => {
  const slow = await slowHost(mesh(), 'keys-evict');
  await leaveBy('evict', slow);
  await comeBack(slow);
  const [back] = await standing(mesh(), 'keys-evict', ['online', 'evicted']);
  expect(back).toMatchObject({ workspaces: [], curve_fingerprint: slow.agent.curve_fingerprint });
  expect(back?.id).not.toBe(slow.agent.id);
});

proves('standing.inherits-nothing', 'neither workspaces, nor a pause, nor a region', async () => {
  const slow = await slowHost(mesh(), 'heir');
  const { id } = slow.agent;
  await run(['agents', 'pause-exec', id]);
  const moved = await call(mesh(), {
    method: 'PATCH',
    path: `/v1/management/agents/${id}`,
    body: { region: 'eu' },
  });
  expect(Agent.parse(moved.body)).toMatchObject({ region: 'eu', paused: { reason: null } });
  await run(['agents', 'delete', id, '--yes']);
  await until('the end of the agent', () => slow.process.status() === 78);
  agentHost('heir').start(await mintJoinKey(mesh(), { name: 'heir' }));
  const [heir] = await standing(mesh(), 'heir', ['online', 'retired']);
  expect(heir).toMatchObject({ workspaces: [], paused: null, region: null });
  const deleted = await call(mesh(), { method: 'POST', path: `/v1/management/agents/${id}/pause`, body: {} });
  expect([deleted.status, codeOf(deleted)]).toEqual([409, 'invalid_state']);
});
