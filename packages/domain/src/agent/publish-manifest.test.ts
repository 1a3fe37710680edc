import { hashJson, type ToolDefinition } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createCatalogue } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { list as listJournal } from '../journal/list.ts';
import { inWorld, onlineAgent, testTool, type TestWorld } from '../testing/index.ts';
import { get } from './get.ts';
import { manifest as readManifest } from './manifest.ts';
import { publishManifest } from './publish-manifest.ts';

const wipe = testTool({ name: 'demo_wipe', risk: 'irreversible' });

const manifest = (version: number, ...tools: readonly ToolDefinition[]) => ({
  manifest_version: version,
  workspaces: [],
  tools: [...tools],
});

const changes = async ({ operator }: TestWorld) =>
  (await listJournal(operator, { limit: 100, types: 'agent.manifest_changed' })).data;

const riskOf = ({ services, seed }: TestWorld, name: string) =>
  services.catalogue.find(seed.project_id, name)?.risk;

test('agent.publish_manifest takes over what is harmless, in memory too, and is journalled once', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world, { tools: [wipe] });
    const next = manifest(2, wipe, testTool());
    expect(await publishManifest(world.services, { agentId: agent.id, manifest: next })).toEqual([]);
    expect(await publishManifest(world.services, { agentId: agent.id, manifest: next })).toEqual([]);
    expect(riskOf(world, 'demo_echo')).toBe('read');
    expect(await changes(world)).toMatchObject([
      {
        actor: { kind: 'agent', id: agent.id },
        data: { manifest_version: 2, manifest_hash: hashJson(next), tools: 2, pending: 0 },
      },
    ]);
    expect(await readManifest(world.operator, { id: agent.id })).toMatchObject({
      manifest_version: 2,
      manifest_hash: hashJson(next),
      manifest: next,
    });
  }));

test('agent.publish_manifest lets no lowered risk take effect, and the agent shows what waits', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world, { tools: [wipe] });
    const tamed = testTool({ name: 'demo_wipe', risk: 'read' });
    const pending = await publishManifest(world.services, {
      agentId: agent.id,
      manifest: manifest(2, tamed),
    });
    expect(pending).toMatchObject([{ tool: 'demo_wipe', kind: 'risk_lowered' }]);
    expect(riskOf(world, 'demo_wipe')).toBe('irreversible');
    expect(await get(world.operator, { id: agent.id })).toMatchObject({
      manifest: { version: 2, tools: 1, pending_changes: pending },
      actions: expect.arrayContaining(['accept_manifest']),
    });
    expect(await changes(world)).toMatchObject([{ data: { pending: 1, pending_changes: pending } }]);
  }));

test('agent.publish_manifest takes away what an agent publishes no more', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world, { tools: [wipe, testTool()] });
    await publishManifest(world.services, { agentId: agent.id, manifest: manifest(2, testTool()) });
    expect(world.services.catalogue.find(world.seed.project_id, 'demo_wipe')).toBeNull();
    await publishManifest(world.services, {
      agentId: agent.id,
      manifest: manifest(3, testTool({ name: 'demo_wipe', risk: 'write' })),
    });
    expect(riskOf(world, 'demo_wipe')).toBe('irreversible');
  }));

test('agent.publish_manifest refuses a broken manifest, and the old one stands', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world);
    const broken = { agentId: agent.id, manifest: { manifest_version: 2 } };
    await expect(publishManifest(world.services, broken)).rejects.toMatchObject({
      code: 'exec_manifest_invalid',
    });
    expect(riskOf(world, 'demo_echo')).toBe('read');
    expect(await changes(world)).toEqual([]);
  }));

test('catalogue.load makes the same catalogue from the store as the changes did in memory', () =>
  inWorld(async (world) => {
    const { services, seed } = world;
    const workspaces = [seed.workspace_id];
    const { agent } = await onlineAgent(world, { tools: [wipe, testTool()], workspaces });
    const second = [testTool({ risk: 'write' }), testTool({ name: wipe.name })];
    await onlineAgent(world, { name: 'second', tools: second });
    const next = {
      ...manifest(2, testTool({ description: 'New' })),
      workspaces: [{ id: seed.workspace_id }],
    };
    await publishManifest(services, { agentId: agent.id, manifest: next });
    const fresh = createCatalogue();
    await loadCatalogue({ store: services.store, catalogue: fresh });
    const shown = (catalogue: typeof fresh, ...place: Parameters<typeof fresh.list>) =>
      catalogue.list(...place).map(({ name, risk, variants }) => ({
        name,
        risk,
        variants: variants.map(({ digest, boundAt, agents }) => ({
          digest,
          boundAt,
          agents: [...agents].toSorted(),
        })),
      }));
    expect(shown(fresh, seed.project_id)).toEqual(shown(services.catalogue, seed.project_id));
    const here = [seed.project_id, seed.workspace_id] as const;
    expect(shown(fresh, ...here)).toEqual(shown(services.catalogue, ...here));
    expect(shown(fresh, ...here)).toMatchObject([{ name: 'demo_echo', variants: [{ agents: [agent.id] }] }]);
    expect(fresh.find(seed.project_id, wipe.name)).toMatchObject({ risk: wipe.risk, variants: [{}] });
  }));
