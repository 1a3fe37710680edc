import { ownProject, settle } from '@xem/domain';
import type { MeshSession } from '@xem/mesh';
import { OUTPUT_STREAMS, PROTOCOL_VERSION, type ResultBody } from '@xem/protocol';
import { contextOf, type MeshContext } from './mesh-context.ts';

const MISSING = {
  code: 'output_missing',
  message: 'output is missing; connect again and go on from what is stored',
};

type Stored = Awaited<ReturnType<MeshContext['services']['store']['outputs']['seal']>>;

/** Whether less was stored than the agent says it has: what is still on its host can be sent again. */
const isShort = ({ status, stdout, stderr }: ResultBody, stored: Stored): boolean =>
  status !== 'lost' && (stored.stdout.bytes < stdout.bytes || stored.stderr.bytes < stderr.bytes);

/** Whether a stream is complete and yet not what its agent hashed: nothing on the way changes bytes, so one of us errs. */
const isOther = (body: ResultBody, stored: Stored): boolean =>
  body.status !== 'lost' &&
  OUTPUT_STREAMS.some(
    (name) => stored[name].bytes === body[name].bytes && stored[name].sha256 !== body[name].sha256,
  );

/**
 * Settles an attempt: its output is durable first or with it, and the agent may forget it only after the commit. One
 * that comes before all of its output ends the session, and the agent goes on from what is stored in the next.
 */
export async function onResult(router: MeshContext, session: MeshSession, body: ResultBody): Promise<void> {
  const ctx = contextOf(router, session);
  if (!ctx) return;
  const { v: _version, execution_id: executionId, attempt, ...report } = body;
  const projectId = await ownProject(router.services, { agentId: session.agentId, executionId });
  const stored = await router.services.store.outputs.seal(projectId, executionId);
  if (isShort(body, stored) && router.gaps.hasAnotherChance(executionId)) {
    return router.mesh.close(session.name, MISSING);
  }
  router.gaps.forget(executionId);
  if (isOther(body, stored))
    router.mesh.blame(session.name, 'output is other than the hash of its result says');
  await settle(ctx, { agentId: session.agentId, executionId, attempt, report, stored });
  const key = { v: PROTOCOL_VERSION, execution_id: executionId, attempt } as const;
  router.mesh.send(session.name, { kind: 'result_ack', body: key });
}
