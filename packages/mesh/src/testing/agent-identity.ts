import { AgentId, sha256Hex } from '@xem/protocol';
import { curvePairFromSecret, type CurvePair } from '../key/curve.ts';
import { signerFromSeed, type Signer } from '../key/signer.ts';

/** An agent's id and keys, made from its name, so that a test can name them again. */
export interface AgentIdentity {
  readonly agentId: AgentId;
  readonly curve: CurvePair;
  readonly signer: Signer;
}

const secretOf = (words: string): Buffer => Buffer.from(sha256Hex(words), 'hex');

/** The identity that belongs to a name. */
export function agentIdentity(name: string): AgentIdentity {
  return {
    agentId: AgentId.parse(`agt_${sha256Hex(name).slice(0, 24)}`),
    curve: curvePairFromSecret(secretOf(`curve ${name}`)),
    signer: signerFromSeed(secretOf(`signing ${name}`)),
  };
}
