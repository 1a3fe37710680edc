import { ForeignAttemptError } from '@xem/domain';
import type { AgentFrame, MeshSession } from '@xem/mesh';
import type { MeshContext } from './mesh-context.ts';
import { onAccept } from './on-accept.ts';
import { onLeaseRenewal } from './on-lease-renewal.ts';
import { admitOutput, onOutput } from './on-output.ts';
import { onRefuse } from './on-refuse.ts';
import { onResult } from './on-result.ts';
import { onRotateAck } from './on-rotate-ack.ts';
import { isOfAttempt, onStray } from './on-stray.ts';

const EMPTY = new Uint8Array();

/** Work of one frame: what failed is the agent's fault only when it spoke of what is not its own. */
function guarded(router: MeshContext, session: MeshSession, work: () => Promise<void>): () => Promise<void> {
  return async () => {
    try {
      await work();
    } catch (err) {
      if (err instanceof ForeignAttemptError) router.mesh.blame(session.name, err.message);
      else router.services.log.error('frame.failed', { agentId: session.agentId, err });
    }
  };
}

const LAPSED = { code: 'lease_lapsed', message: 'the lease ran out while the line was open; connect again' };

/**
 * Hands a frame of a session to its handler. An agent whose lease ran out while its line stayed open must say hello
 * again, so that its attempts are compared with the router's before anything else is heard of them.
 */
export function onFrame(router: MeshContext, session: MeshSession, frame: AgentFrame): void {
  if (!router.services.fleet.find(session.agentId)) return router.mesh.close(session.name, LAPSED);
  if (!isOfAttempt(frame) || !router.strays.has(session.name, frame.body))
    return handle(router, session, frame);
  router.attempts.run(
    frame.body.execution_id,
    guarded(router, session, () => onStray(router, session, frame)),
  );
}

/**
 * An accept is in the queue of transactions at the end of its turn, so the frames behind it need not wait for its commit:
 * the accept of a short run, its output and its result share one, and a result that comes in that turn says it all.
 */
function handle(router: MeshContext, session: MeshSession, frame: AgentFrame): void {
  const atOnce = (work: () => Promise<void>): void =>
    router.errands.run(`frame.${frame.kind}`, guarded(router, session, work));
  const inOrder = (
    body: { readonly execution_id: Parameters<typeof router.attempts.run>[0] },
    work: () => Promise<void>,
  ) => router.attempts.run(body.execution_id, guarded(router, session, work));
  switch (frame.kind) {
    case 'accept':
      return atOnce(async () => {
        if (await router.accepts.stands(session, frame.body)) await onAccept(router, session, frame.body);
      });
    case 'refuse':
      return inOrder(frame.body, () => onRefuse(router, session, frame.body));
    case 'output': {
      const output = { body: frame.body, payload: frame.payload ?? EMPTY };
      if (!admitOutput(router, session, output)) return;
      return inOrder(frame.body, () => onOutput(router, session, output));
    }
    case 'result':
      router.accepts.overtake(session, frame.body);
      return inOrder(frame.body, () => onResult(router, session, frame.body));
    case 'lease_renewal':
      return atOnce(() => onLeaseRenewal(router, session, frame.body));
    case 'rotate_ack':
      return atOnce(() => onRotateAck(router, session, frame.body));
    default:
      return frame satisfies never;
  }
}
