import { sealOrder, type SealedOrder, type Services } from '@xem/domain';
import type { RouterMesh, SendOutcome } from '@xem/mesh';
import { PROTOCOL_VERSION, type ExecutionId } from '@xem/protocol';

/** Writes an order again from the store, for the agent's present session; null when it is not to be sent any more. */
async function rewrite(services: Services, executionId: ExecutionId): Promise<SealedOrder | null> {
  const { store, fleet, clock, identity, settings } = services;
  const execution = await store.read.executions.find(executionId);
  const agent = execution && fleet.find(execution.agentId);
  if (execution?.status !== 'dispatched' || !agent?.session) return null;
  const invocation = await store.read.invocations.get(execution.projectId, execution.invocationId);
  if (invocation?.executionId !== executionId || invocation.cancelRequestedAt !== null) return null;
  const approval =
    invocation.approval && (await store.read.approvals.get(execution.projectId, invocation.approval.id));
  const { session, epoch } = agent;
  const isTraced = settings.isTraced ?? false;
  const issuedAt = clock.now();
  return sealOrder(identity, { invocation, execution, approval, session, epoch, issuedAt, isTraced });
}

const send = (mesh: RouterMesh, { session, bytes, sig }: SealedOrder): SendOutcome =>
  mesh.send(session, { kind: 'dispatch', body: { v: PROTOCOL_VERSION, order: bytes, ...(sig && { sig }) } });

/** Sends the order a transaction has just written down. Null when it is not at hand. */
export function sendFresh(
  services: Services,
  mesh: RouterMesh,
  executionId: ExecutionId,
): SendOutcome | null {
  const order = services.orders.take(executionId);
  return order && send(mesh, order);
}

/** Sends the order of an attempt again. Null when it is not to be sent any more. */
export async function sendAgain(
  services: Services,
  mesh: RouterMesh,
  executionId: ExecutionId,
): Promise<SendOutcome | null> {
  const order = await rewrite(services, executionId);
  return order && send(mesh, order);
}
