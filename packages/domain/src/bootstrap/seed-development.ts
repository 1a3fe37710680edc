import {
  SCOPES,
  sha256Hex,
  type PrincipalKind,
  type ProjectId,
  type Scope,
  type WorkspaceId,
} from '@xem/protocol';
import type { PrincipalRecord, ProjectRecord } from '@xem/store';
import { isUsable } from '../access/caller.ts';
import { internalOperation, systemContext, type WriteServices } from '../context.ts';
import { mutate } from '../mutate.ts';
import { newWorkspace, workspaceCreated } from '../workspace/create.ts';
import { enlist } from './enlist.ts';
import { foundProject } from './found-project.ts';
import { issueKey } from './issue-key.ts';

const seedWorkspace = internalOperation('workspace.seed');

interface Member {
  readonly project: 'demo' | 'other';
  readonly kind: PrincipalKind;
  readonly scopes: readonly Scope[];
  readonly canDecide: boolean;
}

/** Who a local mesh begins with, by the name of their key. */
const CAST = {
  operator: { project: 'demo', kind: 'human', scopes: SCOPES, canDecide: true },
  approver: { project: 'demo', kind: 'human', scopes: ['execution'], canDecide: true },
  service: { project: 'demo', kind: 'service', scopes: ['execution', 'inference'], canDecide: false },
  inference: { project: 'demo', kind: 'service', scopes: ['inference'], canDecide: false },
  other_project: { project: 'other', kind: 'human', scopes: SCOPES, canDecide: true },
} as const satisfies Record<string, Member>;

type KeyName = keyof typeof CAST;

/** High enough that nobody meets it who measures a local mesh. */
const RATE = { per_minute: 1_000_000, burst: 100_000 };

const LIST_MAX = 1000;

/** A value of something for each key of a local mesh. */
export type DevelopmentKeys = Readonly<Record<KeyName, string>>;

/** What a local mesh begins with. */
export interface DevelopmentSeed {
  readonly project_id: ProjectId;
  readonly workspace_id: WorkspaceId;
  readonly other_project_id: ProjectId;
  readonly keys: DevelopmentKeys;
}

async function ensurePrincipal(
  services: WriteServices,
  project: ProjectRecord,
  { name, kind }: { readonly name: string; readonly kind: PrincipalKind },
): Promise<PrincipalRecord> {
  const known = await services.store.read.access.principals(project.id, { name, kind }, { limit: LIST_MAX });
  const found = known.find((row) => !row.disabled);
  return found ?? enlist(services, project, { kind, name, groups: [] });
}

/** Values are stored nowhere: one that was handed out before is kept as long as it still opens the door. */
async function ensureKey(
  services: WriteServices,
  project: ProjectRecord,
  { name, value }: { readonly name: KeyName; readonly value: string | undefined },
): Promise<string> {
  const { kind, scopes, canDecide } = CAST[name];
  const principal = await ensurePrincipal(services, project, { name, kind });
  const grant = value === undefined ? null : await services.store.read.access.credential(sha256Hex(value));
  const holds = grant?.principal.id === principal.id && isUsable(grant, services.clock.now());
  if (value !== undefined && holds) return value;
  return issueKey(services, project, { principal, name, scopes, canDecide, rate: RATE });
}

async function ensureWorkspace(services: WriteServices, project: ProjectRecord): Promise<WorkspaceId> {
  const name = 'demo';
  const known = await services.store.read.workspaces.list(project.id, { limit: LIST_MAX });
  const found = known.find((row) => row.name === name);
  if (found) return found.id;
  const ctx = systemContext(services, project.id);
  return mutate(ctx, seedWorkspace, async (tx) => {
    const row = newWorkspace(ctx, { name });
    await tx.workspaces.insert(row);
    return { result: row.id, facts: [workspaceCreated(row)] };
  });
}

/** Gives a local mesh what it begins with: two projects, a workspace, and keys. Again it makes only what is missing. */
export async function seedDevelopment(
  services: WriteServices,
  known: Partial<DevelopmentKeys> = {},
): Promise<DevelopmentSeed> {
  const demo = await foundProject(services, { slug: 'demo', name: 'Demo' });
  const other = await foundProject(services, { slug: 'other', name: 'Other' });
  const key = (name: KeyName): Promise<string> =>
    ensureKey(services, CAST[name].project === 'demo' ? demo : other, { name, value: known[name] });
  const [operator, approver, service, inference, otherProject] = await Promise.all([
    key('operator'),
    key('approver'),
    key('service'),
    key('inference'),
    key('other_project'),
  ]);
  return {
    project_id: demo.id,
    workspace_id: await ensureWorkspace(services, demo),
    other_project_id: other.id,
    keys: { operator, approver, service, inference, other_project: otherProject },
  };
}
