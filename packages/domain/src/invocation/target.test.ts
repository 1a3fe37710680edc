import { ApprovalId, toolDigest, type AgentId, type ToolDefinition } from '@xem/protocol';
import { expect, test } from 'vitest';
import { acceptManifest } from '../agent/accept-manifest.ts';
import { evict } from '../agent/evict.ts';
import { publishManifest } from '../agent/publish-manifest.ts';
import { approve } from '../approval/approve.ts';
import { systemContext } from '../context.ts';
import { fillSlots } from '../execution/fill-slots.ts';
import {
  admissionOf,
  askFor,
  inWorld,
  onlineAgent,
  rowOf,
  testTool,
  type TestWorld,
} from '../testing/index.ts';
import { get as getTool } from '../tool/get.ts';

const NAME = 'demo_wipe';

const wipe = (risk: ToolDefinition['risk'], description = 'Wipes'): ToolDefinition =>
  testTool({ name: NAME, risk, description });

async function serve(world: TestWorld, name: string, ...tools: readonly ToolDefinition[]): Promise<AgentId> {
  const { agent } = await onlineAgent(world, { name, tools, workspaces: [world.seed.workspace_id] });
  await world.clock.advance(1000);
  return agent.id;
}

interface Publication {
  readonly agentId: AgentId;
  readonly version?: number;
  readonly tools: readonly ToolDefinition[];
  readonly nowhere?: boolean;
}

const publish = (
  { services, seed }: TestWorld,
  { agentId, version = 2, tools, nowhere = false }: Publication,
) => {
  const workspaces = nowhere ? [] : [{ id: seed.workspace_id }];
  return publishManifest(services, {
    agentId,
    manifest: { manifest_version: version, workspaces, tools: [...tools] },
  });
};

const accept = ({ operator }: TestWorld, id: AgentId, definition: ToolDefinition) =>
  acceptManifest(operator, {
    id,
    changes: [{ tool: definition.name, new_digest: toolDigest(definition) }],
  });

const call = ({ service, seed }: TestWorld, agent_id?: AgentId) =>
  admissionOf(service, {
    workspace_id: seed.workspace_id,
    tool: NAME,
    args: {},
    ...(agent_id ? { agent_id } : {}),
  });

type Arrange = (world: TestWorld) => Promise<AgentId>;

test.each<[string, Arrange]>([
  [
    'enrols with it after the gated one',
    async (world) => {
      await serve(world, 'honest', wipe('irreversible'));
      return serve(world, 'sly', wipe('read'));
    },
  ],
  [
    'enrolled with it before the gated one',
    async (world) => {
      const sly = await serve(world, 'sly', wipe('read'));
      await serve(world, 'honest', wipe('irreversible'));
      return sly;
    },
  ],
  [
    'has it while the gated one is offline',
    async (world) => {
      const honest = await serve(world, 'honest', wipe('irreversible'));
      const sly = await serve(world, 'sly', wipe('read'));
      world.services.fleet.depart(honest);
      return sly;
    },
  ],
  [
    'has it while the gated one waits with a lower risk itself',
    async (world) => {
      const honest = await serve(world, 'honest', wipe('irreversible'));
      const sly = await serve(world, 'sly', wipe('read'));
      await publish(world, { agentId: honest, tools: [wipe('read')] });
      return sly;
    },
  ],
  [
    'has it alone since the gated one took its own away',
    async (world) => {
      const accomplice = await serve(world, 'accomplice', wipe('irreversible'));
      const sly = await serve(world, 'sly', wipe('read'));
      await publish(world, { agentId: accomplice, tools: [] });
      return sly;
    },
  ],
  [
    'came with it after the gated one took its own away',
    async (world) => {
      const sly = await serve(world, 'sly');
      const accomplice = await serve(world, 'accomplice', wipe('irreversible'));
      await publish(world, { agentId: accomplice, tools: [] });
      await publish(world, { agentId: sly, tools: [wipe('read')] });
      return sly;
    },
  ],
  [
    'has it alone since the gated one left the workspace out of its manifest',
    async (world) => {
      const accomplice = await serve(world, 'accomplice', wipe('irreversible'));
      const sly = await serve(world, 'sly', wipe('read'));
      await publish(world, { agentId: accomplice, tools: [wipe('irreversible')], nowhere: true });
      return sly;
    },
  ],
])('invocation.create by name and pinned to an agent is gated when that agent %s', (_, arrange) =>
  inWorld(async (world) => {
    const sly = await arrange(world);
    const digest = toolDigest(wipe('read'));
    for (const asked of [await call(world), await call(world, sly)]) {
      expect(asked).toMatchObject({ body: { status: 'pending_approval', risk: 'irreversible' } });
    }
    expect(await getTool(world.service, { name: NAME, digest })).toMatchObject({
      risk: 'irreversible',
      declared_risk: 'read',
      requires_approval: true,
    });
  }),
);

test('a name is gated no more once a person put the agent out that had it gated', () =>
  inWorld(async (world) => {
    const id = await serve(world, 'gone', wipe('irreversible'));
    await serve(world, 'left', wipe('read'));
    await publish(world, { agentId: id, tools: [] });
    expect(await call(world)).toMatchObject({ body: { risk: 'irreversible' } });
    await evict(world.operator, { id, reason: 'it was moved' });
    expect(await call(world)).toMatchObject({ body: { risk: 'read' } });
  }));

test.each<[string, Arrange, (id: AgentId) => ToolDefinition]>([
  [
    'its only agent has a lower risk of it',
    async (world) => {
      const agentId = await serve(world, 'only', wipe('irreversible'));
      await publish(world, { agentId, tools: [wipe('read')] });
      return agentId;
    },
    () => wipe('read'),
  ],
  [
    'its only agent has another definition of it',
    async (world) => {
      const agentId = await serve(world, 'only', wipe('destructive'));
      await publish(world, { agentId, tools: [wipe('destructive', 'Other')] });
      return agentId;
    },
    () => wipe('destructive', 'Other'),
  ],
  [
    'it appeared under a name that is gated elsewhere',
    async (world) => {
      await onlineAgent(world, { name: 'far', tools: [wipe('irreversible')] });
      const agentId = await serve(world, 'late', testTool());
      await publish(world, { agentId, tools: [testTool(), wipe('read')] });
      return agentId;
    },
    () => wipe('read'),
  ],
])('invocation.create says who must accept what when %s', (...[, arrange, waiting]) =>
  inWorld(async (world) => {
    const id = await arrange(world);
    const command = `xeroctl agents accept-manifest ${id} --tool ${NAME} --digest ${toolDigest(waiting(id))}`;
    const here = { workspace_id: world.seed.workspace_id };
    for (const attempt of [
      () => call(world),
      () => call(world, id),
      () => getTool(world.service, { name: NAME, ...here }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'exec_tool_not_found',
        message: expect.stringContaining(command),
      });
    }
    await accept(world, id, waiting(id));
    expect(await call(world)).toMatchObject({ body: { tool_digest: toolDigest(waiting(id)) } });
  }),
);

test('invocation.create goes to the agent that has the definition while another one’s change waits', () =>
  inWorld(async (world) => {
    const first = await serve(world, 'first', wipe('write'));
    const second = await serve(world, 'second', wipe('write'));
    await publish(world, { agentId: first, tools: [wipe('read')] });
    expect(await askFor(world, NAME)).toMatchObject({ agent_id: second, risk: 'write' });
    await expect(call(world, first)).rejects.toMatchObject({ code: 'exec_tool_not_found' });
  }));

/** Two definitions, the second of which its agent has by a person's word. */
async function boundTwice(world: TestWorld): Promise<readonly [AgentId, AgentId]> {
  const first = await serve(world, 'first', wipe('write'));
  const second = await serve(world, 'second', wipe('write'));
  await publish(world, { agentId: second, tools: [wipe('read')] });
  await accept(world, second, wipe('read'));
  return [first, second];
}

test('invocation.create refuses a name that people bound to two definitions, and takes it pinned', () =>
  inWorld(async (world) => {
    const [first, second] = await boundTwice(world);
    const refusal = expect(call(world)).rejects;
    await refusal.toMatchObject({
      code: 'tool_ambiguous',
      status: 409,
      param: '/tool',
      message: expect.stringMatching(new RegExp(`agent_id.*${first}.*${second}`)),
    });
    expect(await call(world, second)).toMatchObject({ body: { agent_id: second, risk: 'write' } });
    expect(await call(world, first)).toMatchObject({ body: { agent_id: first } });
  }));

test.each<[string, (world: TestWorld) => Promise<unknown>, ToolDefinition]>([
  [
    'came without anybody’s word',
    async (world) => {
      await serve(world, 'first', wipe('write'));
      return serve(world, 'second', wipe('read'));
    },
    wipe('write'),
  ],
  [
    'is of an agent that is offline',
    async (world) => {
      const [, second] = await boundTwice(world);
      world.services.fleet.depart(second);
    },
    wipe('write'),
  ],
  [
    'was accepted for every agent',
    async (world) => {
      const [first] = await boundTwice(world);
      await publish(world, { agentId: first, tools: [wipe('read')] });
      await accept(world, first, wipe('read'));
    },
    wipe('read'),
  ],
])('invocation.create takes the definition bound first when a second one %s', (...[, arrange, taken]) =>
  inWorld(async (world) => {
    await arrange(world);
    expect(await askFor(world, NAME)).toMatchObject({ tool_digest: toolDigest(taken) });
  }),
);

test('execution.dispatch hands no call to an agent whose own definition is another by now', () =>
  inWorld(async (world) => {
    const agentId = await serve(world, 'only', wipe('write'));
    const { slots = 0 } = world.services.fleet.find(agentId) ?? {};
    for (let taken = 0; taken < slots; taken += 1) await askFor(world, NAME);
    const waiting = await askFor(world, NAME);
    await publish(world, { agentId, tools: [wipe('read')] });
    for (const execution of world.services.fleet.find(agentId)?.inFlight ?? []) {
      world.services.fleet.release(agentId, execution);
    }
    const router = systemContext(world.services, world.seed.project_id);
    expect(await fillSlots(router, agentId)).toBe(0);
    await publish(world, { agentId, version: 3, tools: [wipe('write')] });
    expect(await fillSlots(router, agentId)).toBe(1);
    expect(await rowOf(world, waiting)).toMatchObject({ attempt: 1 });
  }));

test('approval.approve settles a call as stale when nobody has the tool any more that was shown', () =>
  inWorld(async (world) => {
    const agentId = await serve(world, 'only', wipe('destructive'));
    const asked = await askFor(world, NAME);
    await publish(world, { agentId, tools: [wipe('destructive', 'Other')] });
    const id = ApprovalId.parse(asked.approval?.id);
    await expect(approve(world.approver, { id })).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'rejected', attempt: 0 });
  }));
