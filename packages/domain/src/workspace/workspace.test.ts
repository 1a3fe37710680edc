import { AgentId, ExecutionId, Workspace, WorkspaceId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inWorld, onlineAgent, type TestWorld } from '../testing/index.ts';
import { bind } from './bind.ts';
import { bindings } from './bindings.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { unbind } from './unbind.ts';
import { update } from './update.ts';

const NOBODY = AgentId.parse(`agt_${'0'.repeat(24)}`);
const NOWHERE = WorkspaceId.parse('ws_00000000');

test('workspace.create makes a workspace under the policy of the project', () =>
  inWorld(async ({ operator, store }) => {
    const made = Workspace.parse(await create(operator, { name: 'prod', type: 'k8s' }));
    expect(made).toMatchObject({
      id: expect.stringMatching(/^ws_[0-9a-f]{24}$/),
      project_id: operator.projectId,
      type: 'k8s',
      model: null,
      paused: null,
      agents: [],
      policy: { name: 'standard', version: 1 },
    });
    expect(await get(operator, { workspace_id: made.id })).toEqual(made);
    const [entry] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    expect(entry).toMatchObject({ type: 'workspace.created', refs: { workspace_id: made.id } });
  }));

test('workspace.create refuses a key without the scope management', () =>
  inWorld(({ service }) =>
    expect(create(service, { name: 'prod' })).rejects.toMatchObject({ code: 'scope_insufficient' }),
  ));

test('workspace.update changes what it names, in memory too, and again changes nothing', () =>
  inWorld(async ({ operator, services, store }) => {
    const { id } = await create(operator, { name: 'prod', type: 'k8s', model: 'small' });
    const change = {
      workspace_id: id,
      model: null,
      concurrency: { max: 3, per_tool: { demo_echo: 1 } },
    };
    const updated = Workspace.parse(await update(operator, change));
    expect(updated).toMatchObject({
      name: 'prod',
      type: 'k8s',
      model: null,
      concurrency: { max: 3, per_tool: { demo_echo: 1 }, exclusive_destructive: true },
    });
    const entries = () => store.read.journal.list(operator.projectId, {}, { limit: 2 });
    expect((await entries())[0]).toMatchObject({
      type: 'workspace.updated',
      data: { name: 'prod', concurrency: updated.concurrency },
    });
    expect(services.occupancy.closed(id).tools).toEqual([]);
    const read = { workspaceId: id, tool: 'demo_echo', risk: 'read' } as const;
    services.occupancy.restore(ExecutionId.parse('00000000-0000-7000-8000-000000000001'), read);
    expect(services.occupancy.admits(read)).toBe(false);
    expect(await update(operator, change)).toEqual(updated);
    expect((await entries()).map(({ type }) => type)).toEqual(['workspace.updated', 'workspace.created']);
    const lifted = await update(operator, { workspace_id: id, concurrency: { max: null, per_tool: {} } });
    expect(lifted.concurrency).toEqual({ max: null, per_tool: {}, exclusive_destructive: true });
    expect(services.occupancy.admits(read)).toBe(true);
  }));

test('workspace.update refuses a key without the scope management', () =>
  inWorld(({ service, seed }) =>
    expect(update(service, { workspace_id: seed.workspace_id, name: 'prod' })).rejects.toMatchObject({
      code: 'scope_insufficient',
    }),
  ));

test('workspace.list shows the workspaces of the project only', () =>
  inWorld(async ({ inference, foreigner, seed }) => {
    expect((await list(inference, { limit: 20 })).data.map(({ id }) => id)).toEqual([seed.workspace_id]);
    expect((await list(foreigner, { limit: 20 })).data).toEqual([]);
  }));

test('workspace.bind lets an agent serve, in memory too, and again changes nothing', () =>
  inWorld(async (world) => {
    const { operator, services, store, clock } = world;
    const place = await create(operator, { name: 'prod' });
    const { agent } = await onlineAgent(world);
    const bond = { workspace_id: place.id, agent_id: agent.id };
    const first = await bind(operator, bond);
    expect(first).toMatchObject({
      object: 'workspace_binding',
      created_by: operator.caller.principal,
      ...bond,
    });
    await clock.advance(1);
    expect(await bind(operator, bond)).toEqual(first);
    expect((await bindings(operator, { workspace_id: place.id, limit: 20 })).data).toEqual([first]);
    expect((await get(operator, { workspace_id: place.id })).agents).toEqual([
      { id: agent.id, registration_name: 'xem-test', status: 'online' },
    ]);
    const entries = await store.read.journal.list(
      operator.projectId,
      { types: ['workspace.bound'] },
      { limit: 9 },
    );
    expect(entries).toHaveLength(1);
    services.catalogue.publish(agent.id, {
      projectId: operator.projectId,
      workspaces: [place.id],
      tools: [],
      changing: [],
      withdrawn: [],
      waiting: [],
    });
    expect([...services.catalogue.workspacesOf(agent.id)]).toEqual([place.id]);
  }));

test('workspace.unbind ends the service, in memory too', () =>
  inWorld(async (world) => {
    const { operator, services, seed } = world;
    const { agent } = await onlineAgent(world, { workspaces: [seed.workspace_id] });
    const bond = { workspace_id: seed.workspace_id, agent_id: agent.id };
    expect([...services.catalogue.workspacesOf(agent.id)]).toEqual([seed.workspace_id]);
    expect(await unbind(operator, bond)).toEqual({ object: 'workspace_binding', ...bond, deleted: true });
    expect([...services.catalogue.workspacesOf(agent.id)]).toEqual([]);
    await expect(unbind(operator, bond)).rejects.toMatchObject({ code: 'workspace_binding_not_found' });
  }));

test.each<[string, string, (world: TestWorld) => Promise<unknown>]>([
  ['get of none', 'workspace_not_found', ({ operator }) => get(operator, { workspace_id: NOWHERE })],
  [
    'get of another project’s',
    'workspace_not_found',
    ({ foreigner, seed }) => get(foreigner, { workspace_id: seed.workspace_id }),
  ],
  [
    'update of another project’s',
    'workspace_not_found',
    ({ foreigner, seed }) => update(foreigner, { workspace_id: seed.workspace_id, name: 'prod' }),
  ],
  [
    'bindings of another project’s',
    'workspace_not_found',
    ({ foreigner, seed }) => bindings(foreigner, { workspace_id: seed.workspace_id, limit: 20 }),
  ],
  [
    'bind to none',
    'workspace_not_found',
    ({ operator }) => bind(operator, { workspace_id: NOWHERE, agent_id: NOBODY }),
  ],
  [
    'bind of no agent',
    'agent_not_found',
    ({ operator, seed }) => bind(operator, { workspace_id: seed.workspace_id, agent_id: NOBODY }),
  ],
  [
    'bind of another project’s agent',
    'agent_not_found',
    async (world) => {
      const { agent } = await onlineAgent(world, { owner: world.foreigner });
      return bind(world.operator, { workspace_id: world.seed.workspace_id, agent_id: agent.id });
    },
  ],
  [
    'unbind of an agent that never served',
    'workspace_binding_not_found',
    ({ operator, seed }) => unbind(operator, { workspace_id: seed.workspace_id, agent_id: NOBODY }),
  ],
  [
    'unbind from another project’s',
    'workspace_not_found',
    ({ foreigner, seed }) => unbind(foreigner, { workspace_id: seed.workspace_id, agent_id: NOBODY }),
  ],
])('workspace.%s is refused with %s', (_, code, attempt) =>
  inWorld(async (world) => {
    await expect(attempt(world)).rejects.toMatchObject({ code, status: 404 });
  }),
);
