import { expect } from 'vitest';
import { makeProject, makeWorkspace } from '../testing/record/access.ts';
import { makeAgent, makeManifest, makeTool } from '../testing/record/agent.ts';
import { idsOf, stageFor, type Contract } from './subject.ts';

/** What any store does with agents and what they publish. */
export const agentContract: Contract = {
  'agents.save keeps what may change and refuses a row that was changed': async (open) => {
    const { store, making, project, agent } = await stageFor(open);
    const changed = { ...agent, status: 'conflict' as const, epoch: 3, journalId: 'j', lastSeenAt: 4 };
    const saved = await store.transact((tx) => tx.agents.save(changed));
    expect(saved).toEqual({ ...changed, version: 2 });
    expect(await store.read.agents.get(project.id, agent.id)).toEqual(saved);
    expect(await store.read.agents.get(makeProject(making).id, agent.id)).toBeNull();
    expect(await store.read.agents.find(agent.id)).toEqual(saved);
    await expect(store.transact((tx) => tx.agents.save(changed))).rejects.toThrow(/version 1/);
  },

  'agents.list filters by status and by workspace': async (open) => {
    const { store, making, project, workspace, agent } = await stageFor(open);
    const second = makeAgent(making, { projectId: project.id, status: 'offline', createdAt: 1 });
    const empty = makeWorkspace(making, { projectId: project.id });
    await store.transact(async (tx) => {
      await tx.agents.insert(second);
      await tx.workspaces.insert(empty);
    });
    const list = async (filter: { status?: string; workspaceId?: typeof workspace.id }) =>
      idsOf(await store.read.agents.list(project.id, filter, { limit: 9 }));
    expect(await list({})).toEqual([agent.id, second.id]);
    expect(await list({ status: 'offline' })).toEqual([second.id]);
    expect(await list({ workspaceId: workspace.id })).toEqual([agent.id]);
    expect(await list({ workspaceId: workspace.id, status: 'offline' })).toEqual([]);
    expect(await list({ workspaceId: empty.id })).toEqual([]);
  },

  'agents tells whose CURVE keys may connect, and who holds a name': async (open) => {
    const { store, making, project, agent } = await stageFor(open);
    const some = { projectId: project.id, registrationName: agent.registrationName };
    const retired = makeAgent(making, { ...some, status: 'retired', curveKey: agent.curveKey });
    const offline = makeAgent(making, { ...some, status: 'offline', createdAt: 1 });
    const rival = makeAgent(making, { ...some, registrationName: 'rival', status: 'conflict' });
    await store.transact(async (tx) => {
      for (const row of [retired, offline, rival]) await tx.agents.insert(row);
    });
    const admitted = await store.read.agents.admitted();
    expect(new Set(admitted.map(({ agentId }) => agentId))).toEqual(
      new Set([agent.id, offline.id, rival.id]),
    );
    expect(await store.read.agents.byCurveKey(agent.curveKey)).toEqual(agent);
    expect(await store.read.agents.byCurveKey('unknown')).toBeNull();
    expect(new Set(await store.read.agents.leased())).toEqual(new Set([agent, rival]));
    const holders = await store.read.agents.holdersOf(project.id, agent.registrationName);
    expect(idsOf(holders)).toEqual([agent.id, offline.id]);
  },

  'agents knows a CURVE key that is only to come, and who is changing theirs': async (open) => {
    const { store, making, project, agent } = await stageFor(open);
    const asked = { id: 'r', startedAt: 1, curveKey: null };
    const evicted = makeAgent(making, { projectId: project.id, status: 'evicted' });
    const waiting = await store.transact(async (tx) => {
      await tx.agents.insert({ ...evicted, rotation: { ...asked, curveKey: 'gone' } });
      return tx.agents.save({ ...agent, rotation: asked });
    });
    const keys = async () => (await store.read.agents.admitted()).map(({ curveKey }) => curveKey);
    expect(await keys()).toEqual([agent.curveKey]);
    const rotation = { ...asked, curveKey: 'next' };
    const both = await store.transact((tx) => tx.agents.save({ ...waiting, rotation }));
    expect(new Set(await keys())).toEqual(new Set([agent.curveKey, 'next']));
    expect(await store.read.agents.byCurveKey('next')).toEqual(both);
    expect(await store.read.agents.byCurveKey(agent.curveKey)).toEqual(both);
    expect(new Set(idsOf(await store.read.agents.rotating()))).toEqual(new Set([agent.id, evicted.id]));
  },

  'agents.publish replaces the tools and keeps when a digest was bound first': async (open) => {
    const { store, making, agent, tool } = await stageFor(open);
    const later = { ...tool, boundAt: tool.boundAt + 1000 };
    const added = makeTool(making, agent, 'added');
    const manifest = makeManifest(making, agent, [later, added]);
    await store.transact((tx) => tx.agents.publish(manifest, [later, added]));
    expect(await store.read.agents.toolsOf(agent.id)).toEqual([added, tool]);
    expect(await store.read.agents.manifest(agent.id)).toEqual(manifest);
    await store.transact((tx) => tx.agents.publish(makeManifest(making, agent, [added]), [added]));
    expect(await store.read.agents.tools()).toEqual([added]);
    await store.transact((tx) => tx.agents.save({ ...agent, status: 'evicted' }));
    expect(await store.read.agents.tools()).toEqual([]);
    expect(await store.read.agents.toolsOf(agent.id)).toEqual([added]);
  },

  'agents.remove takes manifest, tools and bindings along': async (open) => {
    const { store, workspace, agent } = await stageFor(open);
    await store.transact((tx) => tx.agents.remove(agent.id));
    expect(await store.read.agents.find(agent.id)).toBeNull();
    expect(await store.read.agents.manifest(agent.id)).toBeNull();
    expect(await store.read.agents.toolsOf(agent.id)).toEqual([]);
    expect(await store.read.workspaces.agentsOf(workspace.id)).toEqual([]);
  },
};
