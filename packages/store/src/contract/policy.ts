import { PolicyId } from '@xem/protocol';
import { expect } from 'vitest';
import type { PolicyRecord } from '../record/approval.ts';
import { makeProject, makeWorkspace } from '../testing/record/access.ts';
import { stageFor, type Contract, type OpenStore } from './subject.ts';

const RULES: PolicyRecord['rules'] = {
  require: ['destructive', 'irreversible'],
  timeoutSeconds: { destructive: 900, irreversible: 1800 },
  onTimeout: { destructive: 'escalate', irreversible: 'reject' },
  quorum: {
    destructive: { any_of: [{ group: '*', count: 1 }] },
    irreversible: { all_of: [{ group: 'ops', count: 2 }] },
  },
  allowSelfApproval: { destructive: true, irreversible: false },
  requireConfirmIrreversible: true,
  decideWith: 'any',
  escalationChain: [{ groups: ['ops'], timeoutSeconds: 60 }],
};

type Draft = Pick<PolicyRecord, 'id' | 'version' | 'workspaceId' | 'createdAt'> & Partial<PolicyRecord>;

/** The project's policy in two versions, made at the same time, and a workspace's that is older than both. */
async function stageOfPolicies(open: OpenStore) {
  const stage = await stageFor(open);
  const { store, making, project, workspace } = stage;
  const drawn = [1, 2].map(() => PolicyId.parse(`pol_${making.ids.hex()}`)).toSorted();
  const [own, special] = drawn;
  if (own === undefined || special === undefined) throw new Error('two ids');
  const toRow = (draft: Draft): PolicyRecord => ({
    projectId: project.id,
    name: 'default',
    rules: RULES,
    createdBy: null,
    retired: false,
    ...draft,
  });
  const add = async (drafts: readonly Draft[]): Promise<readonly PolicyRecord[]> => {
    const rows = drafts.map(toRow);
    await store.transact(async (tx) => {
      for (const row of rows) await tx.policies.insert(row);
    });
    return rows;
  };
  const [first, second, local] = await add([
    { id: own, version: 1, workspaceId: null, createdAt: 5 },
    { id: own, version: 2, workspaceId: null, createdAt: 5 },
    { id: special, version: 1, workspaceId: workspace.id, createdAt: 1 },
  ]);
  if (!first || !second || !local) throw new Error('three rows');
  const elsewhere = makeWorkspace(making, { projectId: project.id });
  const foreign = makeProject(making).id;
  return { ...stage, add, own, special, first, second, local, elsewhere, foreign };
}

/** What any store does with policies. */
export const policyContract: Contract = {
  "policies.inForce prefers the workspace's newest version to the project's": async (open) => {
    const { store, project, workspace, elsewhere, second, local, foreign } = await stageOfPolicies(open);
    const { policies } = store.read;
    expect(await policies.inForce(project.id, workspace.id)).toEqual(local);
    expect(await policies.inForce(project.id, elsewhere.id)).toEqual(second);
    expect(await policies.inForce(project.id, null)).toEqual(second);
    expect(await policies.inForce(foreign, workspace.id)).toBeNull();
  },

  "policies.inForce falls back to the project's when the workspace's was retired, until it is set again":
    async (open) => {
      const { store, project, workspace, special, second, add } = await stageOfPolicies(open);
      const { policies } = store.read;
      const place = { id: special, workspaceId: workspace.id };
      const [retired] = await add([{ ...place, version: 2, createdAt: 9, retired: true }]);
      expect(await policies.inForce(project.id, workspace.id)).toEqual(second);
      expect(await policies.newest(project.id, workspace.id)).toEqual(retired);
      const [again] = await add([{ ...place, version: 3, createdAt: 8 }]);
      expect(await policies.inForce(project.id, workspace.id)).toEqual(again);
    },

  'policies.get and latest answer a version of a policy of the project': async (open) => {
    const { store, project, own, first, second, foreign } = await stageOfPolicies(open);
    const { policies } = store.read;
    expect(await policies.get(project.id, own, 1)).toEqual(first);
    expect(await policies.get(project.id, own, 3)).toBeNull();
    expect(await policies.get(foreign, own, 1)).toBeNull();
    expect(await policies.latest(project.id, own)).toEqual(second);
    expect(await policies.latest(foreign, own)).toBeNull();
  },

  'policies.list answers what stands, newest first, and goes on after a position': async (open) => {
    const { store, project, workspace, special, second, local, foreign, add } = await stageOfPolicies(open);
    const { policies } = store.read;
    expect(await policies.list(project.id, { limit: 9 })).toEqual([second, local]);
    expect(await policies.list(project.id, { limit: 1 })).toEqual([second]);
    expect(await policies.list(project.id, { limit: 9, after: second })).toEqual([local]);
    expect(await policies.list(foreign, { limit: 9 })).toEqual([]);
    await add([{ id: special, version: 2, workspaceId: workspace.id, createdAt: 9, retired: true }]);
    expect(await policies.list(project.id, { limit: 9 })).toEqual([second]);
  },

  'policies.versions answers those below a version, newest first': async (open) => {
    const { store, project, own, first, second, foreign } = await stageOfPolicies(open);
    const { policies } = store.read;
    expect(await policies.versions(project.id, own, { limit: 9, below: 9 })).toEqual([second, first]);
    expect(await policies.versions(project.id, own, { limit: 1, below: 9 })).toEqual([second]);
    expect(await policies.versions(project.id, own, { limit: 9, below: 2 })).toEqual([first]);
    expect(await policies.versions(foreign, own, { limit: 9, below: 9 })).toEqual([]);
  },
};
