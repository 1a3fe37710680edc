import type { HelloBody } from '@xem/protocol';
import { encodeFrame } from '../wire/frame-codec.ts';
import type { Parts } from '../wire/transport.ts';
import type { Connection } from './connection.ts';
import type { MeshSession, Refusal } from './contract.ts';
import { makeWelcome, provenCurveKey, type Nonces } from './handshake.ts';
import { countBadFrame, refusedFrame, turnAway, type PortContext } from './port.ts';
import type { Sessions } from './sessions.ts';

interface HelloCase {
  readonly connection: Connection;
  readonly hello: HelloBody;
  readonly nonces: Nonces;
}

interface Admitted {
  readonly session: MeshSession;
  readonly welcome: Parts;
}

/** One answer for an agent that is not known and for one whose signature is wrong: nothing to learn from it. */
const NOT_PROVEN: Refusal = { code: 'hello_refused', message: 'This hello proves no agent of this router.' };
const UNAVAILABLE: Refusal = { code: 'unavailable', message: 'The router cannot open a session now.' };
const OUTRUN: Refusal = { code: 'session_replaced', message: 'A newer session of this agent is open.' };

async function admit(
  ctx: PortContext,
  { connection, hello, nonces }: HelloCase,
): Promise<Admitted | Refusal> {
  const { handlers, ids, curve, signer } = ctx.options;
  const keys = await handlers.agentKeys(hello.agent_id);
  const routerCurveKey = curve.publicKey;
  const curveKey = keys === null ? null : provenCurveKey({ hello, keys, nonces, routerCurveKey });
  if (curveKey === null) {
    countBadFrame(ctx, connection, 'hello_refused');
    return NOT_PROVEN;
  }
  const name = ids.hex();
  const agentId = hello.agent_id;
  const sourceAddress = ctx.gate.addressOf(curveKey);
  const draft = await handlers.welcome({ session: name, agentId, curveKey, hello, sourceAddress });
  if ('refused' in draft) return draft.refused;
  const session = { name, agentId, epoch: draft.epoch, curveKey };
  return { session, welcome: encodeFrame(makeWelcome({ draft, session, nonces, routerCurveKey, signer })) };
}

/** Checks who says hello, has the domain commit the epoch, and opens the session, or refuses the connection. */
export async function proveHello(ctx: PortContext, sessions: Sessions, helloCase: HelloCase): Promise<void> {
  const { connection } = helloCase;
  const answer = await admit(ctx, helloCase).catch((error: unknown): Refusal => {
    ctx.options.log.error('mesh.welcome_failed', { err: error, agentId: helloCase.hello.agent_id });
    return UNAVAILABLE;
  });
  if ('code' in answer) {
    turnAway(ctx, connection, refusedFrame(answer));
    return;
  }
  const { session, welcome } = answer;
  const current = sessions.ofAgent(session.agentId)?.state;
  if (current?.step === 'open' && current.session.epoch >= session.epoch) {
    turnAway(ctx, connection, refusedFrame(OUTRUN));
    return;
  }
  sessions.open(connection, session, welcome);
}
