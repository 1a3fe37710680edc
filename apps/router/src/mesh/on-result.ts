import { settle } from '@xem/domain';
import type { MeshSession } from '@xem/mesh';
import { PROTOCOL_VERSION, type ResultBody } from '@xem/protocol';
import { contextOf, type MeshContext } from './mesh-context.ts';
import { ownProject } from './on-output.ts';

/** Settles an attempt: its output is durable first or with it, and the agent may forget it only after the commit. */
export async function onResult(router: MeshContext, session: MeshSession, body: ResultBody): Promise<void> {
  const ctx = contextOf(router, session);
  if (!ctx) return;
  const { v: _version, execution_id: executionId, attempt, ...report } = body;
  const projectId = await ownProject(router.services, session, executionId);
  const stored = await router.services.store.outputs.seal(projectId, executionId);
  await settle(ctx, { agentId: session.agentId, executionId, attempt, report, stored });
  const key = { v: PROTOCOL_VERSION, execution_id: executionId, attempt } as const;
  router.mesh.send(session.name, { kind: 'result_ack', body: key });
}
