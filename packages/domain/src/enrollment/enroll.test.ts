import { EnrolledBody, type createJoinKey, type InputOf } from '@xem/protocol';
import { expect, test } from 'vitest';
import { lapse } from '../agent/lapse.ts';
import { revoke } from '../join-key/revoke.ts';
import { list } from '../journal/list.ts';
import { create as createWorkspace } from '../workspace/create.ts';
import {
  inWorld,
  onlineAgent,
  testHost,
  testJoinKey,
  testTool,
  type TestHost,
  type TestWorld,
} from '../testing/index.ts';
import { enroll } from './enroll.ts';

const manifest = (change: object = {}) => ({
  manifest_version: 1,
  workspaces: [],
  tools: [testTool()],
  ...change,
});

/** One host asks once. */
async function ask(
  world: TestWorld,
  {
    host = testHost(world.services),
    joinKey,
    said = manifest(),
  }: { host?: TestHost; joinKey: string; said?: unknown },
) {
  const asked = { body: host.request(joinKey, said), sourceAddress: '192.0.2.1' };
  const { answer, ...changes } = await enroll(world.services, asked);
  return { answer: EnrolledBody.parse(answer), ...changes };
}

const mint = (world: TestWorld, draft: InputOf<typeof createJoinKey> = {}) =>
  testJoinKey(world.operator, draft);

const types = async ({ operator }: TestWorld, wanted: string) =>
  (await list(operator, { limit: 100, types: wanted })).data;

test('enrollment.enroll makes an agent, binds it and tells it where it belongs', () =>
  inWorld(async (world) => {
    const { services, seed, store } = world;
    const workspaces = [{ id: seed.workspace_id }];
    const joinKey = await mint(world, { workspaces: [seed.workspace_id], region: 'eu' });
    const { answer, admitted } = await ask(world, { joinKey, said: manifest({ workspaces }) });
    expect(answer).toEqual({
      v: 1,
      ok: true,
      agent_id: admitted?.id,
      project_id: seed.project_id,
      data_endpoints: services.identity.dataEndpoints,
      router_curve_key: services.identity.curveKey,
      router_signing_key: services.identity.signingKey,
      lease_ttl_ms: 30_000,
      lease_renewal_interval_ms: 10_000,
      bindings: [{ workspace_id: seed.workspace_id, type: null }],
    });
    const [row] = await store.read.agents.admitted();
    expect(row).toEqual({ agentId: admitted?.id, curveKey: admitted?.curveKey });
    const tool = services.catalogue.find(seed.project_id, 'demo_echo', seed.workspace_id);
    expect([...(tool?.variants[0]?.agents ?? [])]).toEqual([admitted?.id]);
  }));

test('enrollment.enroll journals the use, the agent and what it was bound to', () =>
  inWorld(async (world) => {
    const joinKey = await mint(world, { workspaces: [world.seed.workspace_id] });
    const { admitted } = await ask(world, { joinKey });
    const entries = (await list(world.operator, { limit: 3 })).data.toReversed();
    expect(entries.map(({ type }) => type)).toEqual([
      'join_key.reserved',
      'agent.enrolled',
      'workspace.bound',
    ]);
    expect(entries[1]).toMatchObject({
      actor: { kind: 'agent', id: admitted?.id },
      subject: { type: 'agent', id: admitted?.id },
      data: { source_address: '192.0.2.1', registration_name: 'xem-test', tools: 1 },
    });
    expect(JSON.stringify(entries)).not.toContain(joinKey);
  }));

test('enrollment.enroll answers the same keys with the same join key the same again', () =>
  inWorld(async (world) => {
    const host = testHost(world.services);
    const joinKey = await mint(world);
    const first = await ask(world, { host, joinKey });
    const again = await ask(world, { host, joinKey });
    expect(again.answer).toEqual(first.answer);
    expect(await types(world, 'agent.enrolled')).toHaveLength(1);
  }));

test(
  'enrollment.enroll lets one of a hundred racing hosts have the only use',
  () =>
    inWorld(async (world) => {
      const joinKey = await mint(world);
      const hosts = Array.from({ length: 100 }, (_, at) => testHost(world.services, `host-${at}`));
      const answers = await Promise.all(hosts.map((host) => ask(world, { host, joinKey })));
      expect(answers.filter(({ answer }) => answer.ok)).toHaveLength(1);
      const refused = answers.flatMap(({ answer }) => (answer.ok ? [] : [answer.code]));
      expect(new Set(refused)).toEqual(new Set(['join_key_exhausted']));
      expect(await world.store.read.agents.admitted()).toHaveLength(1);
    }),
  30_000,
);

test('enrollment.enroll says of a use that is only reserved when to try again', () =>
  inWorld(async (world) => {
    const joinKey = await mint(world);
    await ask(world, { host: testHost(world.services, 'one'), joinKey });
    await world.clock.advance(1000);
    const { answer } = await ask(world, { host: testHost(world.services, 'two'), joinKey });
    expect(answer).toMatchObject({ code: 'join_key_exhausted', retry_after_seconds: 599 });
  }));

test('enrollment.enroll lets another host have a use that nobody confirmed in time', () =>
  inWorld(async (world) => {
    const joinKey = await mint(world);
    const first = await ask(world, { host: testHost(world.services, 'one'), joinKey });
    await world.clock.advance(600_000);
    const second = await ask(world, { host: testHost(world.services, 'two'), joinKey });
    expect(second.answer.ok).toBe(true);
    expect(await world.store.read.agents.admitted()).toMatchObject([{ agentId: second.admitted?.id }]);
    expect(second.admitted?.id).not.toBe(first.admitted?.id);
  }));

test('enrollment.enroll lets the same host try again after its use lapsed', () =>
  inWorld(async (world) => {
    const host = testHost(world.services);
    const joinKey = await mint(world);
    await ask(world, { host, joinKey });
    await world.clock.advance(600_000);
    expect((await ask(world, { host, joinKey })).answer.ok).toBe(true);
    await world.clock.advance(600_000);
    expect((await ask(world, { host, joinKey })).answer.ok).toBe(true);
  }));

test.each<
  [string, string, (world: TestWorld) => Promise<{ joinKey: string; said?: unknown; host?: TestHost }>]
>([
  ['a key that is none', 'join_key_invalid', async () => ({ joinKey: 'xjk_nonsense' })],
  [
    'an expired key',
    'join_key_expired',
    async (world) => {
      const joinKey = await mint(world, { expires_in_seconds: 60 });
      await world.clock.advance(60_000);
      return { joinKey };
    },
  ],
  [
    'a revoked key',
    'join_key_revoked',
    async (world) => {
      const joinKey = await mint(world);
      const [key] = await world.store.read.joinKeys.list(world.seed.project_id, { limit: 1 });
      if (key) await revoke(world.operator, { id: key.id });
      return { joinKey };
    },
  ],
  [
    'a key of another name',
    'join_key_invalid',
    async (world) => ({ joinKey: await mint(world, { name: 'another' }) }),
  ],
  [
    'a manifest that holds not what it must',
    'exec_manifest_invalid',
    async (world) => ({ joinKey: await mint(world), said: manifest({ tools: [{ name: 'x' }] }) }),
  ],
  [
    'the name of an agent that is online',
    'agent_name_in_use',
    async (world) => {
      await onlineAgent(world);
      return { joinKey: await mint(world, { name: 'xem-test' }) };
    },
  ],
  [
    'the name of an agent that is offline, with a key for any name',
    'agent_name_in_use',
    async (world) => {
      const { agent } = await onlineAgent(world);
      await world.clock.advance(30_000);
      await lapse(world.services, agent.id);
      return { joinKey: await mint(world) };
    },
  ],
  [
    'the CURVE key of another agent',
    'join_key_invalid',
    async (world) => {
      const { host } = await onlineAgent(world);
      return { host, joinKey: await mint(world) };
    },
  ],
])('enrollment.enroll refuses %s with %s', (_, code, prepare) =>
  inWorld(async (world) => {
    const asked = await prepare(world);
    const before = await world.store.read.agents.admitted();
    const { answer, admitted } = await ask(world, asked);
    expect(answer).toMatchObject({ ok: false, code, operator_action: expect.stringMatching(/\w/) });
    expect(admitted).toBeNull();
    expect(await world.store.read.agents.admitted()).toEqual(before);
    expect(JSON.stringify(world.logged)).not.toContain(asked.joinKey);
  }),
);

test('enrollment.enroll judges the join key before it looks at the manifest', () =>
  inWorld(async (world) => {
    const joinKey = await mint(world, { expires_in_seconds: 60 });
    await world.clock.advance(60_000);
    expect((await ask(world, { joinKey, said: 'no manifest' })).answer).toMatchObject({
      code: 'join_key_expired',
    });
  }));

test('enrollment.enroll points at what is wrong in a manifest', () =>
  inWorld(async (world) => {
    const tools = [testTool({ parameters: { type: 'object', properties: { a: { type: 'text' } } } })];
    const { answer } = await ask(world, { joinKey: await mint(world), said: manifest({ tools }) });
    expect(answer).toMatchObject({
      pointer: '/tools/0/parameters',
      message: expect.stringContaining('demo_echo'),
    });
  }));

test('enrollment.enroll journals a refusal with the project whose key was tried, an invented key with none', () =>
  inWorld(async (world) => {
    const joinKey = await mint(world, { name: 'another' });
    await ask(world, { joinKey });
    await ask(world, { joinKey: 'xjk_nonsense' });
    expect(await types(world, 'join_key.refused')).toMatchObject([
      {
        actor: { kind: 'system' },
        data: { code: 'join_key_invalid', source_address: '192.0.2.1', registration_name: 'xem-test' },
      },
    ]);
  }));

test('enrollment.enroll lets a key minted for the name enrol a second holder, which inherits nothing', () =>
  inWorld(async (world) => {
    const first = await onlineAgent(world, { workspaces: [world.seed.workspace_id] });
    await world.clock.advance(30_000);
    await lapse(world.services, first.agent.id);
    const { answer } = await ask(world, { joinKey: await mint(world, { name: 'xem-test' }) });
    expect(answer).toMatchObject({ ok: true, bindings: [] });
    expect(await world.store.read.agents.admitted()).toHaveLength(2);
  }));

test('enrollment.enroll with a key that replaces retires the holder and hands its workspaces on', () =>
  inWorld(async (world) => {
    const { services, seed, store } = world;
    const old = await onlineAgent(world, { workspaces: [seed.workspace_id] });
    const extra = await createWorkspace(world.operator, { name: 'extra' });
    const joinKey = await mint(world, { name: 'xem-test', replace: true, workspaces: [extra.id] });
    const { answer, admitted } = await ask(world, { joinKey });
    expect(answer.ok && answer.bindings.map(({ workspace_id }) => workspace_id).toSorted()).toEqual(
      [seed.workspace_id, extra.id].toSorted(),
    );
    expect(await store.read.agents.find(old.agent.id)).toMatchObject({ status: 'retired' });
    expect(await store.read.agents.admitted()).toMatchObject([{ agentId: admitted?.id }]);
    expect(await store.read.workspaces.agentsOf(seed.workspace_id)).toMatchObject([{ id: admitted?.id }]);
    expect(services.fleet.find(old.agent.id)).toBeNull();
    expect(services.catalogue.workspacesOf(old.agent.id).size).toBe(0);
    expect(await types(world, 'agent.retired')).toHaveLength(1);
  }));

test('enrollment.enroll with a key that replaces makes an agent even where there is none to replace', () =>
  inWorld(async (world) => {
    const joinKey = await mint(world, { name: 'xem-test', replace: true });
    expect(await ask(world, { joinKey })).toMatchObject({ answer: { ok: true } });
    expect(await types(world, 'agent.retired')).toEqual([]);
  }));

test('enrollment.enroll tells another project nothing of the agent whose keys somebody brings', () =>
  inWorld(async (world) => {
    const { host } = await onlineAgent(world, { name: 'secret-name' });
    const joinKey = await testJoinKey(world.foreigner);
    const { answer } = await ask(world, { host, joinKey });
    expect(answer).toMatchObject({ ok: false, code: 'join_key_invalid' });
    expect(JSON.stringify(answer)).toContain('an agent of another project');
    expect(JSON.stringify(answer)).not.toMatch(/secret-name|agt_/);
  }));
