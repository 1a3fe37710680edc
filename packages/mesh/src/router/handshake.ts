import {
  PROTOCOL_VERSION,
  type Frame,
  type HelloBody,
  type HelloClaim,
  type WelcomeClaim,
} from '@xem/protocol';
import { signClaim, verifyClaim, type Signer } from '../key/signer.ts';
import type { AgentKeys, MeshSession, WelcomeDraft } from './contract.ts';

/** The nonces of one handshake: the agent's of `connect`, the router's of `challenge`. */
export interface Nonces {
  readonly agentNonce: string;
  readonly routerNonce: string;
}

interface HelloCheck {
  readonly hello: HelloBody;
  readonly keys: AgentKeys;
  readonly nonces: Nonces;
  readonly routerCurveKey: string;
}

/** Which of the agent's CURVE keys a hello is signed for, or null when its signature is wrong for all. */
export function provenCurveKey({ hello, keys, nonces, routerCurveKey }: HelloCheck): string | null {
  const signedFor = (curveKey: string): boolean => {
    const claim: HelloClaim = {
      ctx: 'xem/hello/1',
      agent_id: hello.agent_id,
      agent_nonce: nonces.agentNonce,
      router_nonce: nonces.routerNonce,
      agent_curve_key: curveKey,
      router_curve_key: routerCurveKey,
    };
    return verifyClaim({ publicKey: keys.signingKey, claim, signature: hello.sig });
  };
  return keys.curveKeys.find(signedFor) ?? null;
}

interface WelcomeParts {
  readonly draft: WelcomeDraft;
  readonly session: MeshSession;
  readonly nonces: Nonces;
  readonly routerCurveKey: string;
  readonly signer: Signer;
}

/** The welcome of a session, signed over everything both sides have shown. */
export function makeWelcome({
  draft,
  session,
  nonces,
  routerCurveKey,
  signer,
}: WelcomeParts): Frame<'welcome'> {
  const claim: WelcomeClaim = {
    ctx: 'xem/welcome/1',
    agent_id: session.agentId,
    agent_nonce: nonces.agentNonce,
    router_nonce: nonces.routerNonce,
    agent_curve_key: session.curveKey,
    router_curve_key: routerCurveKey,
    session: session.name,
    epoch: session.epoch,
  };
  const sig = signClaim(signer, claim);
  return { kind: 'welcome', body: { ...draft, v: PROTOCOL_VERSION, session: session.name, sig } };
}
