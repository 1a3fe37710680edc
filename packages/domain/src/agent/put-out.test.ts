import type { AgentId, AgentStatus } from '@xem/protocol';
import { expect, test } from 'vitest';
import { enroll } from '../enrollment/enroll.ts';
import { lapseUses } from '../join-key/lapse-uses.ts';
import {
  askFor,
  attemptOf,
  attemptRow,
  inWorld,
  onlineAgent,
  rowOf,
  servingAgent,
  start,
  testHost,
  testJoinKey,
  testTool,
  type TestHost,
  type TestWorld,
} from '../testing/index.ts';
import { get as getWorkspace } from '../workspace/get.ts';
import { ban } from './ban.ts';
import { remove } from './delete.ts';
import { evict } from './evict.ts';
import { get } from './get.ts';
import { agentKeys } from './keys.ts';
import { pause } from './pause.ts';
import { revokeCredentials } from './revoke-credentials.ts';
import { update } from './update.ts';

type Verb = (ctx: TestWorld['operator'], input: { readonly id: AgentId }) => Promise<unknown>;

interface Row {
  readonly verb: Verb;
  readonly status: AgentStatus;
  readonly entry: string;
  readonly data: object;
}

const VERBS: Readonly<Record<string, Row>> = {
  'agent.evict': { verb: evict, status: 'evicted', entry: 'agent.evicted', data: { reason: null } },
  'agent.revoke_credentials': {
    verb: revokeCredentials,
    status: 'evicted',
    entry: 'agent.evicted',
    data: { reason: null, because: 'credentials_revoked' },
  },
  'agent.ban': { verb: ban, status: 'banned', entry: 'agent.banned', data: { reason: null } },
  'agent.delete': { verb: remove, status: 'retired', entry: 'agent.retired', data: { because: 'deleted' } },
};

const verbs = Object.entries(VERBS);

const MANIFEST = { manifest_version: 1, workspaces: [], tools: [testTool()] };

async function enrolAgain(world: TestWorld, host: TestHost, name = host.name) {
  const joinKey = await testJoinKey(world.operator);
  const request = host.request(joinKey, MANIFEST);
  const { answer } = await enroll(world.services, {
    body: { ...request, registration_name: name },
    sourceAddress: '127.0.0.1',
  });
  return answer;
}

test.each(verbs)('%s takes an agent out of everything it was in', (_id, { verb, status, entry, data }) =>
  inWorld(async (world) => {
    const { operator, services, seed, store } = world;
    const { agent } = await servingAgent(world);
    await pause(operator, { id: agent.id, reason: 'first' });
    await verb(operator, { id: agent.id });
    expect(await store.read.agents.find(agent.id)).toMatchObject({ status, paused: null });
    expect(await get(operator, { id: agent.id })).toMatchObject({ status, workspaces: [] });
    expect((await getWorkspace(operator, { workspace_id: seed.workspace_id })).agents).toEqual([]);
    expect(await agentKeys(services, agent.id)).toBeNull();
    expect(services.fleet.find(agent.id)).toBeNull();
    expect(services.pauses.isEmpty()).toBe(true);
    await expect(askFor(world, 'demo_echo')).rejects.toMatchObject({ code: 'exec_tool_not_found' });
    const told = await store.read.journal.ofAgent(operator.projectId, agent.id, { limit: 1 });
    expect(told).toMatchObject([{ type: entry, data, actor: { id: operator.caller.principal.id } }]);
  }),
);

test.each(verbs)('%s frees the name, and whoever takes it inherits nothing', (_id, { verb }) =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    await verb(world.operator, { id: agent.id });
    const heir = await onlineAgent(world, { name: agent.registrationName });
    expect(heir.agent.id).not.toBe(agent.id);
    expect(await get(world.operator, { id: heir.agent.id })).toMatchObject({
      registration_name: agent.registrationName,
      workspaces: [],
      paused: null,
      region: null,
    });
  }),
);

test.each(verbs)('%s changes nothing of what an agent runs before its session has ended', (_id, { verb }) =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const written = await askFor(world, 'demo_write');
    await start(world, written);
    await verb(world.operator, { id: agent.id });
    expect(await rowOf(world, written)).toMatchObject({ status: 'running' });
    expect(await attemptRow(world, attemptOf(written))).toMatchObject({ status: 'running' });
  }),
);

test('agent.evict lets the same keys enrol again with a new join key, as a new agent', () =>
  inWorld(async (world) => {
    const { agent, host } = await servingAgent(world);
    await evict(world.operator, { id: agent.id });
    const answer = await enrolAgain(world, host);
    expect(answer).toMatchObject({ ok: true, bindings: [] });
    expect(answer.ok && answer.agent_id).not.toBe(agent.id);
  }));

test('agent.evict makes the join key that was used worth nothing to the same keys', () =>
  inWorld(async (world) => {
    const host = testHost(world.services);
    const joinKey = await testJoinKey(world.operator, { uses: 5 });
    const asked = { body: host.request(joinKey, MANIFEST), sourceAddress: '127.0.0.1' };
    const { answer } = await enroll(world.services, asked);
    if (!answer.ok) throw new Error(answer.message);
    await evict(world.operator, { id: answer.agent_id });
    const again = await enroll(world.services, asked);
    expect(again.answer).toMatchObject({ ok: false, code: 'join_key_invalid' });
    expect(again.answer).toMatchObject({ message: expect.stringContaining('mint a new join key') });
  }));

test.each([
  ['agent.ban', ban, 'it was banned'],
  ['agent.revoke_credentials', revokeCredentials, 'its credentials were revoked'],
])('%s keeps either key of the agent out for ever, under any name', (_id, verb, why) =>
  inWorld(async (world) => {
    const { agent, host } = await servingAgent(world);
    await verb(world.operator, { id: agent.id });
    const refused = { ok: false, code: 'join_key_invalid', message: expect.stringContaining(why) };
    expect(await enrolAgain(world, host)).toMatchObject(refused);
    expect(await enrolAgain(world, host, 'another')).toMatchObject(refused);
    const fresh = testHost(world.services);
    const half: TestHost = {
      ...fresh,
      request: (joinKey, manifest) => ({
        ...fresh.request(joinKey, manifest),
        signing_public_key: host.request(joinKey, manifest).signing_public_key,
      }),
    };
    expect(await enrolAgain(world, half)).toMatchObject(refused);
    expect(await enrolAgain(world, fresh)).toMatchObject({ ok: true });
  }),
);

test('agent.delete leaves keys that enrol nobody else', () =>
  inWorld(async (world) => {
    const { agent, host } = await servingAgent(world);
    expect(await remove(world.operator, { id: agent.id })).toEqual({
      object: 'agent',
      id: agent.id,
      deleted: true,
    });
    expect(await enrolAgain(world, host)).toMatchObject({ ok: false, code: 'join_key_invalid' });
  }));

test.each([
  ['agent.ban', ban],
  ['agent.revoke_credentials', revokeCredentials],
])('%s reaches the keys of an agent that was evicted before', (_id, verb) =>
  inWorld(async (world) => {
    const { agent, host } = await servingAgent(world);
    await evict(world.operator, { id: agent.id });
    await verb(world.operator, { id: agent.id });
    expect(await enrolAgain(world, host)).toMatchObject({ ok: false, code: 'join_key_invalid' });
  }),
);

test.each([
  ['agent.ban', ban],
  ['agent.revoke_credentials', revokeCredentials],
])('%s of an agent whose keys came back names the agent that has them now', (_id, verb) =>
  inWorld(async (world) => {
    const { agent, host } = await servingAgent(world);
    await evict(world.operator, { id: agent.id });
    const answer = await enrolAgain(world, host);
    await expect(verb(world.operator, { id: agent.id })).rejects.toMatchObject({
      code: 'invalid_state',
      message: expect.stringContaining(answer.ok ? answer.agent_id : 'nobody'),
    });
  }),
);

test('agent.ban of an agent that never said hello outlives its enrolment', () =>
  inWorld(async (world) => {
    const host = testHost(world.services);
    const answer = await enrolAgain(world, host);
    if (!answer.ok) throw new Error(answer.message);
    await ban(world.operator, { id: answer.agent_id });
    await world.clock.advance(700_000);
    expect(await lapseUses(world.services)).toEqual([]);
    expect(await enrolAgain(world, host)).toMatchObject({ ok: false, code: 'join_key_invalid' });
  }));

const twice =
  (verb: Verb): Verb =>
  async (ctx, input) => {
    await verb(ctx, input);
    return verb(ctx, input);
  };

const after =
  (first: Verb, verb: Verb): Verb =>
  async (ctx, input) => {
    await first(ctx, input);
    return verb(ctx, input);
  };

const region: Verb = (ctx, { id }) => update(ctx, { id, region: 'eu' });

test.each<readonly [string, Verb]>([
  ['agent.evict of an evicted agent', twice(evict)],
  ['agent.ban of a banned agent', twice(ban)],
  ['agent.revoke_credentials again', twice(revokeCredentials)],
  ['agent.delete of a retired agent', twice(remove)],
  ['agent.evict of a banned agent', after(ban, evict)],
  ['agent.revoke_credentials of a banned agent', after(ban, revokeCredentials)],
  ['agent.delete of an evicted agent', after(evict, remove)],
  ['agent.pause of an evicted agent', after(evict, pause)],
  ['agent.update of a banned agent', after(ban, region)],
])('%s is refused with invalid_state', (_what, verb) =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    await expect(verb(world.operator, { id: agent.id })).rejects.toMatchObject({ code: 'invalid_state' });
  }),
);

test.each<readonly [string, Verb]>([
  ...verbs.map(([id, { verb }]) => [id, verb] as const),
  ['agent.update', region],
])('%s is refused to strangers and to keys without the scope', (_id, verb) =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const input = { id: agent.id };
    await expect(verb(world.foreigner, input)).rejects.toMatchObject({ code: 'agent_not_found' });
    await expect(verb(world.service, input)).rejects.toMatchObject({ code: 'scope_insufficient' });
    expect(await get(world.operator, input)).toMatchObject({ status: 'online' });
  }),
);

/** The actions that are spoken of here. */
const STANDING = new Set(['pause', 'resume', 'update', 'evict', 'revoke_credentials', 'ban', 'delete']);

test.each([
  ['online', undefined, ['pause', 'update', 'evict', 'revoke_credentials', 'ban', 'delete']],
  ['evicted', evict, ['revoke_credentials', 'ban']],
  ['evicted', revokeCredentials, ['ban']],
  ['banned', ban, []],
  ['retired', remove, []],
] as const)('agent.get shows of an agent that is %s what may be done with it', (status, verb, actions) =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    await verb?.(world.operator, { id: agent.id });
    const shown = await get(world.operator, { id: agent.id });
    expect(shown.status).toBe(status);
    expect(shown.actions).toEqual(expect.arrayContaining([...actions]));
    expect(shown.actions.filter((action) => STANDING.has(action))).toHaveLength(actions.length);
  }),
);
