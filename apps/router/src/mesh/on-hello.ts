import { agentContext, reconcile, welcome, type Services } from '@xem/domain';
import { ExecError } from '@xem/errors';
import type { HelloReceived, Refusal, WelcomeDraft } from '@xem/mesh';
import type { AttemptKey } from '@xem/protocol';

/** A session that may open. */
export interface Opening {
  readonly draft: WelcomeDraft;
  readonly session: string;
  /** What it runs, or has to tell the end of, that the store knows nothing of. */
  readonly strays: readonly AttemptKey[];
  /** Its CURVE key is being changed: it must hear how far that is. */
  readonly isRotating: boolean;
}

/** Commits the new epoch, then brings the router's open attempts and the agent's own list together. */
async function open(services: Services, received: HelloReceived): Promise<Opening> {
  const { agentId, hello, session } = received;
  const { agent, terms } = await welcome(services, received);
  const before = services.fleet.find(agentId)?.session;
  if (before) services.fleet.disconnect(agentId, before);
  const ctx = agentContext(services, { projectId: agent.projectId, agentId });
  const { journal_id: journalId, unacknowledged } = hello;
  const { resume, abort, settled, strays } = await reconcile(ctx, { agentId, journalId, unacknowledged });
  return {
    draft: { ...terms, resume: [...resume], abort: [...abort], settled: [...settled] },
    session,
    strays,
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
