import { agentContext, reconcile, welcome, type Arrival, type Services } from '@xem/domain';
import { ExecError } from '@xem/errors';
import type { HelloReceived, Refusal, WelcomeDraft } from '@xem/mesh';

/** A session that may open, and what joins the fleet once it has. */
export interface Opening {
  readonly draft: WelcomeDraft;
  readonly arrival: Arrival;
  /** Its CURVE key is being changed: it must hear how far that is. */
  readonly isRotating: boolean;
}

/** Commits the new epoch, then brings the router's open attempts and the agent's own list together. */
async function open(services: Services, received: HelloReceived): Promise<Opening> {
  const { agentId, hello } = received;
  const { agent, terms, arrival } = await welcome(services, received);
  const before = services.fleet.find(agentId)?.session;
  if (before) services.fleet.disconnect(agentId, before);
  const ctx = agentContext(services, { projectId: agent.projectId, agentId });
  const { journal_id: journalId, unacknowledged } = hello;
  const {
    open: attempts,
    resume,
    abort,
    settled,
  } = await reconcile(ctx, { agentId, journalId, unacknowledged });
  return {
    draft: { ...terms, resume: [...resume], abort: [...abort], settled: [...settled] },
    arrival: { ...arrival, inFlight: attempts.map(({ id }) => id) },
    isRotating: agent.rotation !== null,
  };
}

/** Answers the hello of an agent that proved who it is. */
export async function onHello(
  services: Services,
  received: HelloReceived,
): Promise<Opening | { readonly refused: Refusal }> {
  try {
    return await open(services, received);
  } catch (err) {
    if (!(err instanceof ExecError)) throw err;
    return { refused: { code: err.code, message: err.message } };
  }
}
