import { agentIdentity } from '@xem/mesh/testing';
import { ProjectId, WorkspaceId } from '@xem/protocol';
import { silentLog, systemClock, systemIds } from '@xem/runtime';
import { openSqliteStore, type WriteTx } from '@xem/store';
import { makeAgent, makeBinding, makeManifest, makeTool, type Making } from '@xem/store/testing';

/** The tool that every agent of the fleet has. */
export const FLEET_TOOL = 'fleet_noop';

interface Enlisting {
  readonly dataDir: string;
  readonly projectId: string;
  readonly workspaceId: string;
  readonly names: readonly string[];
}

async function enlistOne(
  tx: WriteTx,
  making: Making,
  { name, projectId, workspaceId }: { name: string; projectId: ProjectId; workspaceId: WorkspaceId },
): Promise<string> {
  const { agentId: id, curve, signer } = agentIdentity(name);
  const keys = { curveKey: curve.publicKey, signingKey: signer.publicKey };
  const agent = makeAgent(making, { id, projectId, registrationName: name, status: 'offline', ...keys });
  const tool = makeTool(making, agent, FLEET_TOOL);
  const made = makeManifest(making, agent, [tool]);
  const manifest = { ...made, manifest: { ...made.manifest, workspaces: [{ id: workspaceId }] } };
  const [founder] = await tx.access.principals(projectId, {}, { limit: 1 });
  if (!founder) throw new Error('the project has nobody');
  await tx.agents.insert({ ...agent, manifestHash: made.hash });
  await tx.agents.publish(manifest, [tool]);
  const createdBy = { id: founder.id, kind: founder.kind, name: founder.name };
  await tx.workspaces.bind(makeBinding(making, { projectId, workspaceId, agentId: id, createdBy }));
  return made.hash;
}

/**
 * Writes enrolled agents into the store of a router that is not running: a thousand that enrol would wait for the
 * limit on the enrollment socket. Answers the hash of the manifest they all have.
 */
export async function enlist(enlisting: Enlisting): Promise<string> {
  const clock = systemClock();
  const making = { clock, ids: systemIds(clock) };
  const projectId = ProjectId.parse(enlisting.projectId);
  const workspaceId = WorkspaceId.parse(enlisting.workspaceId);
  const store = await openSqliteStore({ dataDir: enlisting.dataDir, clock, log: silentLog });
  const hashes = await store.transact((tx) =>
    Promise.all(enlisting.names.map((name) => enlistOne(tx, making, { name, projectId, workspaceId }))),
  );
  await store.close();
  return hashes[0] ?? '';
}
