import { hashJson, type InvocationId } from '@xem/protocol';
import { expect } from 'vitest';
import type { IdempotencyRecord } from '../record/access.ts';
import { makeBinding, makePrincipal, makeProject, makeWorkspace, refTo } from '../testing/record/access.ts';
import { makeAgent, makeJoinKey, makeUse } from '../testing/record/agent.ts';
import { makeInvocation } from '../testing/record/invocation.ts';
import { idsOf, stageFor, type Contract } from './subject.ts';

/** What any store does with workspaces and bindings. */
export const workspaceContract: Contract = {
  'workspaces.bind tells whether the binding is new, workspaces.unbind whether there was one': async (
    open,
  ) => {
    const { store, making, project, workspace } = await stageFor(open);
    const agent = makeAgent(making, { projectId: project.id, createdAt: 1 });
    const createdBy = refTo(makePrincipal(making, { projectId: project.id }));
    const place = { projectId: project.id, workspaceId: workspace.id, agentId: agent.id };
    const binding = makeBinding(making, { ...place, createdBy, createdAt: 1 });
    await store.transact((tx) => tx.agents.insert(agent));
    expect(await store.transact((tx) => tx.workspaces.bind(binding))).toBe(true);
    expect(await store.transact((tx) => tx.workspaces.bind(binding))).toBe(false);
    expect(await store.read.workspaces.boundTo(agent.id)).toEqual([workspace]);
    expect(await store.read.workspaces.agentsOf(workspace.id)).toHaveLength(2);
    expect(await store.read.workspaces.allBindings()).toHaveLength(2);
    const [newest] = await store.read.workspaces.bindingsOf(project.id, workspace.id, { limit: 1 });
    const after = { createdAt: newest?.createdAt ?? 0, id: newest?.agentId ?? '' };
    const rest = await store.read.workspaces.bindingsOf(project.id, workspace.id, { limit: 9, after });
    expect(rest).toEqual([binding]);
    expect(
      await store.read.workspaces.bindingsOf(makeProject(making).id, workspace.id, { limit: 9 }),
    ).toEqual([]);
    expect(await store.transact((tx) => tx.workspaces.unbind(workspace.id, agent.id))).toBe(true);
    expect(await store.transact((tx) => tx.workspaces.unbind(workspace.id, agent.id))).toBe(false);
  },

  'workspaces.bind refuses an agent that does not exist': async (open) => {
    const { store, making, project, workspace } = await stageFor(open);
    const createdBy = refTo(makePrincipal(making, { projectId: project.id }));
    const agentId = makeAgent(making, { projectId: project.id }).id;
    const place = { projectId: project.id, workspaceId: workspace.id, agentId };
    const bind = store.transact((tx) => tx.workspaces.bind(makeBinding(making, { ...place, createdBy })));
    await expect(bind).rejects.toThrow(Error);
  },

  'workspaces.save keeps what may change': async (open) => {
    const { store, making, project, workspace } = await stageFor(open);
    const by = refTo(makePrincipal(making, { projectId: project.id }));
    const paused = { reason: 'upgrade', by, at: '2026-01-01T00:00:00.000Z' };
    const saved = await store.transact((tx) => tx.workspaces.save({ ...workspace, name: 'new', paused }));
    expect(await store.read.workspaces.get(project.id, workspace.id)).toEqual(saved);
    expect(saved).toMatchObject({ version: 2, name: 'new', paused });
    const second = makeWorkspace(making, { projectId: project.id, createdAt: 1 });
    await store.transact((tx) => tx.workspaces.insert(second));
    expect(idsOf(await store.read.workspaces.list(project.id, { limit: 9 }))).toEqual([
      workspace.id,
      second.id,
    ]);
  },
};

/** What any store does with join keys and their uses. */
export const joinKeyContract: Contract = {
  'joinKeys finds a reserved use by its agent and, when its time is over, as lapsed': async (open) => {
    const { store, making, project, agent } = await stageFor(open);
    const createdBy = refTo(makePrincipal(making, { projectId: project.id }));
    const key = makeJoinKey(making, { projectId: project.id, createdBy, replace: true });
    const use = makeUse(making, key, agent);
    await store.transact(async (tx) => {
      await tx.joinKeys.insert(key);
      await tx.joinKeys.insertUse(use);
    });
    const { joinKeys } = store.read;
    expect(await joinKeys.get(project.id, key.id)).toEqual(key);
    expect(await joinKeys.get(makeProject(making).id, key.id)).toBeNull();
    expect(await joinKeys.reservedBy(agent.id)).toEqual(use);
    expect(await joinKeys.lapsed(use.lapsesAt - 1, 9)).toEqual([]);
    expect(await joinKeys.lapsed(use.lapsesAt, 9)).toEqual([use]);
    const confirmed = { ...use, status: 'confirmed' as const };
    await store.transact((tx) => tx.joinKeys.saveUse(confirmed));
    expect(await joinKeys.reservedBy(agent.id)).toBeNull();
    expect(await joinKeys.lapsed(use.lapsesAt, 9)).toEqual([]);
    expect(await joinKeys.usesOf(key.id)).toEqual([confirmed]);
    const saved = await store.transact((tx) => tx.joinKeys.save({ ...key, revokedAt: 5 }));
    expect(await joinKeys.find(key.id)).toEqual(saved);
    expect(await joinKeys.list(project.id, { limit: 9 })).toEqual([saved]);
  },

  'joinKeys.saveUse refuses a use that was never made': async (open) => {
    const { store, making, project, agent } = await stageFor(open);
    const createdBy = refTo(makePrincipal(making, { projectId: project.id }));
    const use = makeUse(making, makeJoinKey(making, { projectId: project.id, createdBy }), agent);
    await expect(store.transact((tx) => tx.joinKeys.saveUse(use))).rejects.toThrow(/no use/);
    await expect(store.transact((tx) => tx.joinKeys.insertUse(use))).rejects.toThrow(Error);
  },
};

/** What any store does with idempotency keys. */
export const idempotencyContract: Contract = {
  'idempotency takes a key once, and prunes it when it is old and its call has ended': async (open) => {
    const { store, making, project, workspace } = await stageFor(open);
    const { id: principalId } = makePrincipal(making, { projectId: project.id });
    const base = {
      projectId: project.id,
      principalId,
      operation: 'invocation.create',
      bodySha256: hashJson({}),
    };
    const [open_, ended] = [
      makeInvocation(making, workspace),
      makeInvocation(making, workspace, { endedAt: 5 }),
    ];
    const row = (key: string, madeId: InvocationId, createdAt: number): IdempotencyRecord => ({
      ...base,
      key,
      madeId,
      createdAt,
    });
    const rows = [row('waits', open_.id, 1), row('old', ended.id, 2), row('young', ended.id, 50)];
    await store.transact(async (tx) => {
      for (const call of [open_, ended]) await tx.invocations.insert(call);
      for (const used of rows) await tx.idempotency.insert(used);
    });
    expect(await store.read.idempotency.get({ ...base, key: 'old' })).toEqual(rows[1]);
    expect(await store.read.idempotency.get({ ...base, key: 'old', operation: 'another' })).toBeNull();
    await expect(store.transact((tx) => tx.idempotency.insert(row('old', ended.id, 3)))).rejects.toThrow(
      Error,
    );
    expect(await store.transact((tx) => tx.idempotency.prune(50, 9))).toBe(1);
    expect(await store.read.idempotency.get({ ...base, key: 'old' })).toBeNull();
    expect(await store.read.idempotency.get({ ...base, key: 'waits' })).toEqual(rows[0]);
    expect(await store.read.idempotency.get({ ...base, key: 'young' })).toEqual(rows[2]);
  },
};
