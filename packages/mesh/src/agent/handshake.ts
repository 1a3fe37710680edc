import {
  PROTOCOL_VERSION,
  type Frame,
  type HelloClaim,
  type WelcomeBody,
  type WelcomeClaim,
} from '@xem/protocol';
import type { CurvePair } from '../key/curve.ts';
import { signClaim, verifyClaim } from '../key/signer.ts';
import type { AgentLinkOptions } from './contract.ts';

/** The nonces both sides have shown. */
export interface Shaken {
  readonly agentNonce: string;
  readonly routerNonce: string;
}

/** What a link is opened with, and the CURVE pair of this one connection. */
export interface ConnectionOptions extends AgentLinkOptions {
  readonly curve: CurvePair;
}

type Keys = Pick<ConnectionOptions, 'agentId' | 'curve' | 'routerCurveKey'>;
type HelloOptions = Keys & Pick<AgentLinkOptions, 'signer' | 'hello'>;

const claimed = ({ agentId, curve, routerCurveKey }: Keys, { agentNonce, routerNonce }: Shaken) => ({
  agent_id: agentId,
  agent_nonce: agentNonce,
  router_nonce: routerNonce,
  agent_curve_key: curve.publicKey,
  router_curve_key: routerCurveKey,
});

/** The hello of a handshake: who the agent is, signed over both nonces and both CURVE keys. */
export function signedHello(options: HelloOptions, shaken: Shaken): Frame<'hello'> {
  const claim: HelloClaim = { ctx: 'xem/hello/1', ...claimed(options, shaken) };
  const sig = signClaim(options.signer, claim);
  return { kind: 'hello', body: { ...options.hello(), v: PROTOCOL_VERSION, agent_id: options.agentId, sig } };
}

/** Tells whether a welcome is the pinned router's answer in this very handshake. */
export function isRouterWelcome(
  options: ConnectionOptions,
  { welcome, shaken }: { readonly welcome: WelcomeBody; readonly shaken: Shaken },
): boolean {
  const { session, epoch, sig } = welcome;
  const claim: WelcomeClaim = { ctx: 'xem/welcome/1', ...claimed(options, shaken), session, epoch };
  return verifyClaim({ publicKey: options.routerSigningKey, claim, signature: sig });
}
