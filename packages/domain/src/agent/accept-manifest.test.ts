import { AgentManifest, ApprovalId, toolDigest, type AgentId, type ToolDefinition } from '@xem/protocol';
import { expect, test } from 'vitest';
import { approve } from '../approval/approve.ts';
import { createCatalogue } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { list as listJournal } from '../journal/list.ts';
import { askFor, inWorld, onlineAgent, rowOf, testTool, type TestWorld } from '../testing/index.ts';
import { get as getTool } from '../tool/get.ts';
import { acceptManifest } from './accept-manifest.ts';
import { evict } from './evict.ts';
import { get } from './get.ts';
import { manifest as readManifest } from './manifest.ts';
import { publishManifest } from './publish-manifest.ts';

const wipe = testTool({ name: 'demo_wipe', risk: 'irreversible' });
const tamed = testTool({ name: 'demo_wipe', risk: 'read' });
const effect = testTool({ name: 'demo_effect', risk: 'destructive' });
const reworded = testTool({ name: 'demo_effect', risk: 'destructive', description: 'Says other' });

const serve = (world: TestWorld, ...tools: readonly ToolDefinition[]) =>
  onlineAgent(world, { tools, workspaces: [world.seed.workspace_id] });

const publish = (
  { services, seed }: TestWorld,
  { id: agentId, version }: { readonly id: AgentId; readonly version: number },
  ...tools: readonly ToolDefinition[]
) =>
  publishManifest(services, {
    agentId,
    manifest: { manifest_version: version, workspaces: [{ id: seed.workspace_id }], tools },
  });

/** An agent that serves two gated tools and now publishes both otherwise. */
async function changed(world: TestWorld): Promise<AgentId> {
  const { agent } = await serve(world, wipe, effect);
  await publish(world, { id: agent.id, version: 2 }, tamed, reworded);
  return agent.id;
}

const accept = ({ operator }: TestWorld, id: AgentId, tool: ToolDefinition) =>
  acceptManifest(operator, { id, changes: [{ tool: tool.name, new_digest: toolDigest(tool) }] });

const accepted = async ({ operator }: TestWorld) =>
  (await listJournal(operator, { limit: 100, types: 'agent.manifest_accepted' })).data;

test('agent.accept_manifest lets the named change stand, and only that', () =>
  inWorld(async (world) => {
    const id = await changed(world);
    const agent = await accept(world, id, tamed);
    expect(agent.manifest.pending_changes).toMatchObject([{ tool: 'demo_effect' }]);
    expect(await getTool(world.operator, { name: 'demo_wipe' })).toMatchObject({
      risk: 'read',
      digest: toolDigest(tamed),
    });
    expect(await accepted(world)).toMatchObject([
      {
        actor: { id: world.operator.caller.principal.id },
        subject: { type: 'agent', id },
        data: {
          tool: 'demo_wipe',
          kind: 'risk_lowered',
          old_digest: toolDigest(wipe),
          new_digest: toolDigest(tamed),
          manifest_hash: agent.manifest.hash,
        },
      },
    ]);
  }));

test('agent.accept_manifest takes all of the manifest that was shown, and journals each', () =>
  inWorld(async (world) => {
    const id = await changed(world);
    const { manifest } = await get(world.operator, { id });
    const { manifest: after } = await acceptManifest(world.operator, { id, manifest_hash: manifest.hash });
    expect(after).toEqual({ ...manifest, pending_changes: [] });
    expect(await accepted(world)).toHaveLength(2);
  }));

test('agent.accept_manifest keeps what it let in over later manifests and over a restart', () =>
  inWorld(async (world) => {
    const id = await changed(world);
    await accept(world, id, reworded);
    await publish(world, { id, version: 3 }, tamed, reworded, testTool());
    const row = (await world.store.read.agents.toolsOf(id)).find(({ name }) => name === 'demo_effect');
    expect(row).toMatchObject({ acceptedBy: { kind: 'human' }, heldBehind: null });
    const fresh = createCatalogue();
    await loadCatalogue({ store: world.store, catalogue: fresh });
    const found = fresh.find(world.seed.project_id, 'demo_effect');
    expect(found?.variants).toMatchObject([{ digest: toolDigest(reworded), agents: new Set([id]) }]);
    expect(fresh.waiting(world.seed.project_id, 'demo_wipe')).toMatchObject([{ agentId: id }]);
  }));

type Attempt = (world: TestWorld, id: AgentId) => Promise<unknown>;

const HASH = '0'.repeat(64);

test.each<[string, string, Attempt]>([
  [
    'a service',
    'scope_insufficient',
    async (world, id) => {
      const service = { ...world.operator, caller: world.service.caller };
      const { scopes } = world.operator.caller.credential;
      const caller = { ...service.caller, credential: { ...service.caller.credential, scopes } };
      return acceptManifest({ ...service, caller }, { id, manifest_hash: HASH });
    },
  ],
  [
    'a human without the scope',
    'scope_insufficient',
    ({ approver }, id) => acceptManifest(approver, { id, manifest_hash: HASH }),
  ],
  [
    'another project’s human',
    'agent_not_found',
    ({ foreigner }, id) => acceptManifest(foreigner, { id, manifest_hash: HASH }),
  ],
  ['a tool that did not change', 'manifest_change_not_found', (world, id) => accept(world, id, testTool())],
  ['the definition that stands', 'manifest_change_not_found', (world, id) => accept(world, id, wipe)],
  [
    'a definition that is no longer published',
    'manifest_change_not_found',
    async (world, id) => {
      await publish(world, { id, version: 3 }, testTool({ name: 'demo_wipe', risk: 'write' }), reworded);
      return accept(world, id, tamed);
    },
  ],
  [
    'all of a manifest that was replaced meanwhile',
    'manifest_change_not_found',
    async (world, id) => {
      const { manifest } = await get(world.operator, { id });
      await publish(world, { id, version: 3 }, tamed, reworded, testTool());
      return acceptManifest(world.operator, { id, manifest_hash: manifest.hash });
    },
  ],
  [
    'one change that is right and one that is not',
    'manifest_change_not_found',
    ({ operator }, id) =>
      acceptManifest(operator, {
        id,
        changes: [
          { tool: 'demo_wipe', new_digest: toolDigest(tamed) },
          { tool: 'demo_effect', new_digest: HASH },
        ],
      }),
  ],
])('agent.accept_manifest refuses %s with %s, and nothing changes', (_, code, attempt) =>
  inWorld(async (world) => {
    const id = await changed(world);
    await expect(attempt(world, id)).rejects.toMatchObject({ code });
    expect(await accepted(world)).toEqual([]);
    expect(world.services.catalogue.find(world.seed.project_id, 'demo_wipe')?.risk).toBe('irreversible');
  }),
);

test('agent.accept_manifest brings no tool of an agent back that was put out', () =>
  inWorld(async (world) => {
    const id = await changed(world);
    await evict(world.operator, { id });
    await expect(accept(world, id, tamed)).rejects.toMatchObject({ code: 'manifest_change_not_found' });
    expect(world.services.catalogue.find(world.seed.project_id, 'demo_wipe')).toBeNull();
    expect((await get(world.operator, { id })).actions).not.toContain('accept_manifest');
  }));

test('agent.accept_manifest refuses a second time what was accepted', () =>
  inWorld(async (world) => {
    const id = await changed(world);
    const { manifest } = await get(world.operator, { id });
    const all = { id, manifest_hash: manifest.hash };
    await acceptManifest(world.operator, all);
    await expect(acceptManifest(world.operator, all)).rejects.toMatchObject({
      code: 'manifest_change_not_found',
    });
  }));

test('agent.accept_manifest ends what waits over the definition that stood', () =>
  inWorld(async (world) => {
    const { agent } = await serve(world, effect);
    const asked = await askFor(world, 'demo_effect');
    await publish(world, { id: agent.id, version: 2 }, reworded);
    await accept(world, agent.id, reworded);
    const id = ApprovalId.parse(asked.approval?.id);
    await expect(approve(world.approver, { id })).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'rejected', attempt: 0 });
  }));

test('agent.manifest shows both definitions of each change that waits', () =>
  inWorld(async (world) => {
    const id = await changed(world);
    const shown = await readManifest(world.operator, { id });
    expect(AgentManifest.parse(shown)).toEqual(shown);
    expect(shown.pending_changes).toMatchObject([
      { tool: 'demo_effect', kind: 'definition_changed', old: effect, new: reworded },
      { tool: 'demo_wipe', kind: 'risk_lowered', old: wipe, new: tamed },
    ]);
  }));

test('agent.manifest shows of a tool that waits behind another agent’s what that one has', () =>
  inWorld(async (world) => {
    await serve(world, wipe);
    const { agent } = await onlineAgent(world, { name: 'second', workspaces: [world.seed.workspace_id] });
    await publish(world, { id: agent.id, version: 2 }, testTool(), tamed);
    const shown = await readManifest(world.operator, { id: agent.id });
    expect(shown.pending_changes).toMatchObject([{ old_digest: toolDigest(wipe), old: wipe, new: tamed }]);
    expect((await get(world.operator, { id: agent.id })).manifest.pending_changes).toHaveLength(1);
  }));
