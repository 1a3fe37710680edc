import { admitNextKey, agentKeys } from '@xem/domain';
import { verifyClaim, type AgentFrame, type MeshSession } from '@xem/mesh';
import { PROTOCOL_VERSION, type RotateClaim } from '@xem/protocol';
import { contextOf, type MeshContext } from './mesh-context.ts';

type RotateAck = Extract<AgentFrame, { readonly kind: 'rotate_ack' }>['body'];

async function isSigned({ services }: MeshContext, session: MeshSession, ack: RotateAck): Promise<boolean> {
  const keys = await agentKeys(services, session.agentId);
  const claim: RotateClaim = {
    ctx: 'xem/rotate/1',
    rotation_id: ack.rotation_id,
    agent_id: session.agentId,
    old_curve_key: session.curveKey,
    new_curve_key: ack.curve_public_key,
  };
  return keys !== null && verifyClaim({ publicKey: keys.signingKey, claim, signature: ack.sig });
}

/** Admits the key that an agent made, and tells it to come with it. What nobody waits for any more is let pass. */
export async function onRotateAck(router: MeshContext, session: MeshSession, ack: RotateAck): Promise<void> {
  const ctx = contextOf(router, session);
  if (!ctx) return;
  const { mesh, allowList } = router;
  if (!(await isSigned(router, session, ack)))
    return mesh.blame(session.name, 'a CURVE key that its agent did not sign for');
  const { agentId } = session;
  const { rotation_id: rotationId, curve_public_key: curveKey } = ack;
  const outcome = await admitNextKey(ctx, { agentId, rotationId, curveKey });
  if (outcome === 'taken') return mesh.blame(session.name, 'a CURVE key that belongs to an agent already');
  if (outcome === 'stale') return;
  await allowList.refresh(agentId);
  mesh.send(session.name, {
    kind: 'rotate_commit',
    body: { v: PROTOCOL_VERSION, rotation_id: rotationId },
  });
}
