import { Tool, ToolDescriptor, WorkspaceId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inWorld, onlineAgent, testTool, type TestWorld } from '../testing/index.ts';
import { get } from './get.ts';
import { list } from './list.ts';

const echo = testTool();
const wipe = testTool({
  name: 'demo.wipe',
  description: 'Removes everything',
  risk: 'irreversible',
  domain: 'demo',
  mcp: { visible: false },
  parameters: { type: 'object', examples: [{ path: '/tmp' }] },
});

const oneAgent = (world: TestWorld) =>
  onlineAgent(world, { tools: [wipe, echo], workspaces: [world.seed.workspace_id] });

const names = async (world: TestWorld, query: Partial<Parameters<typeof list>[1]> = {}) =>
  (await list(world.operator, { limit: 20, ...query })).data.map(({ name }) => name);

test('tool.list shows what agents publish, alphabetically', () =>
  inWorld(async (world) => {
    await oneAgent(world);
    const { data } = await list(world.service, { limit: 20 });
    expect(data.map((row) => Tool.parse(row))).toEqual(data);
    expect(data.map(({ name }) => name)).toEqual(['demo.wipe', 'demo_echo']);
    expect(data[0]).toMatchObject({
      risk: 'irreversible',
      variants: 1,
      mcp: { visible: false, alias: 'demo_wipe' },
      workspaces: [world.seed.workspace_id],
      agents_online: 1,
      agents_total: 1,
      requires_approval: true,
    });
    expect(data[1]).toMatchObject({ risk: 'read', requires_approval: false });
  }));

test.each([
  [{ domain: 'demo' }, ['demo.wipe']],
  [{ risk: 'read' as const }, ['demo_echo']],
  [{ q: 'REMOVES' }, ['demo.wipe']],
  [{ q: 'demo' }, ['demo.wipe', 'demo_echo']],
  [{ visibility: 'mcp' as const }, ['demo_echo']],
  [{ visibility: 'all' as const }, ['demo.wipe', 'demo_echo']],
  [{ online: true }, ['demo.wipe', 'demo_echo']],
  [{ domain: 'nothing' }, []],
])('tool.list with %j shows %j', (query, shown) =>
  inWorld(async (world) => {
    await oneAgent(world);
    expect(await names(world, query)).toEqual(shown);
  }),
);

test('tool.list goes on where a page ended, through the variants of one name', () =>
  inWorld(async (world) => {
    await oneAgent(world);
    await world.clock.advance(1000);
    await onlineAgent(world, { name: 'other', tools: [testTool({ description: 'Another echo' })] });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await list(world.operator, { limit: 1, after });
      seen.push(...page.data.map(({ name, description }) => `${name}: ${description}`));
      after = page.next_cursor ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual([
      'demo.wipe: Removes everything',
      'demo_echo: Prints its arguments',
      'demo_echo: Another echo',
    ]);
  }));

test('tool.list gives every variant of a name the strictest risk of all', () =>
  inWorld(async (world) => {
    await oneAgent(world);
    await onlineAgent(world, { name: 'other', tools: [testTool({ risk: 'destructive' })] });
    const { data } = await list(world.operator, { limit: 20, q: 'demo_echo' });
    expect(data.map(({ risk, variants, requires_approval }) => [risk, variants, requires_approval])).toEqual([
      ['destructive', 2, true],
      ['destructive', 2, true],
    ]);
    const [first] = data;
    const descriptor = await get(world.operator, { name: 'demo_echo', digest: first?.digest });
    expect(descriptor).toMatchObject({ risk: 'destructive', declared_risk: 'read' });
  }));

test('tool.list of a workspace shows what is served there, and of an offline agent only without online=true', () =>
  inWorld(async (world) => {
    const { agent } = await oneAgent(world);
    await onlineAgent(world, { name: 'elsewhere', tools: [testTool({ name: 'far' })] });
    const here = { workspace_id: world.seed.workspace_id };
    expect(await names(world, here)).toEqual(['demo.wipe', 'demo_echo']);
    world.services.fleet.depart(agent.id);
    expect(await names(world, here)).toEqual(['demo.wipe', 'demo_echo']);
    expect(await names(world, { ...here, online: true })).toEqual([]);
    expect(await names(world, { online: true })).toEqual(['far']);
  }));

test('tool.list shows nothing of another project', () =>
  inWorld(async (world) => {
    await oneAgent(world);
    expect((await list(world.foreigner, { limit: 20 })).data).toEqual([]);
  }));

test('tool.get tells everything about a tool', () =>
  inWorld(async (world) => {
    const { agent } = await oneAgent(world);
    const descriptor = ToolDescriptor.parse(await get(world.service, { name: 'demo.wipe' }));
    expect(descriptor).toMatchObject({
      parameters: wipe.parameters,
      output: wipe.output,
      idempotent: false,
      declared_risk: 'irreversible',
      agents: [{ id: agent.id, registration_name: 'xem-test', status: 'online' }],
      example: { args: { path: '/tmp' } },
    });
  }));

test.each<[string, (world: TestWorld) => Promise<unknown>]>([
  ['a name nobody publishes', ({ operator }) => get(operator, { name: 'nothing' })],
  [
    'a digest nobody publishes',
    ({ operator }) => get(operator, { name: 'demo_echo', digest: '0'.repeat(64) }),
  ],
  ['another project’s tool', ({ foreigner }) => get(foreigner, { name: 'demo_echo' })],
  [
    'a tool of an agent that is offline',
    async ({ operator, services }) => {
      for (const { agentId } of services.fleet.all()) services.fleet.depart(agentId);
      return get(operator, { name: 'demo_echo' });
    },
  ],
])('tool.get refuses %s with 404', (_, attempt) =>
  inWorld(async (world) => {
    await oneAgent(world);
    await expect(attempt(world)).rejects.toMatchObject({ code: 'exec_tool_not_found', status: 404 });
  }),
);

test('tool.list and tool.get refuse a workspace of another project', () =>
  inWorld(async ({ foreigner, seed }) => {
    const here = { workspace_id: WorkspaceId.parse(seed.workspace_id) };
    const refusal = { code: 'workspace_not_found', status: 404 };
    await expect(list(foreigner, { limit: 20, ...here })).rejects.toMatchObject(refusal);
    await expect(get(foreigner, { name: 'demo_echo', ...here })).rejects.toMatchObject(refusal);
  }));
