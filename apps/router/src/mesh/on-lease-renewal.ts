import { renew } from '@xem/domain';
import type { MeshSession } from '@xem/mesh';
import { PROTOCOL_VERSION, type LeaseRenewalBody } from '@xem/protocol';
import { contextOf, type MeshContext } from './mesh-context.ts';
import { compareAttempts } from './notices.ts';

/** Renews a lease, and tells the agent what changed: bindings, attempts to stop, attempts whose end is missing. */
export async function onLeaseRenewal(
  router: MeshContext,
  session: MeshSession,
  body: LeaseRenewalBody,
): Promise<void> {
  if (!contextOf(router, session)) return;
  const { agentId, name } = session;
  const renewed = await renew(router.services, { agentId, body, roundTripMs: body.round_trip_ms ?? null });
  const compared = await compareAttempts(router.services, agentId, body.in_flight);
  const ack = { v: PROTOCOL_VERSION, ...renewed, ...compared, echo: body.sent_at } as const;
  router.mesh.send(name, { kind: 'lease_ack', body: ack });
  router.renewed(agentId);
}
