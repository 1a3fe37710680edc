import type { AgentId } from '@xem/protocol';
import type { Services } from '../context.ts';
import { isAdmitted } from './admitted.ts';
import { curveKeysOf } from './rotation.ts';

/** The public keys an agent must come with. */
export interface PinnedKeys {
  /** Z85. */
  readonly curveKeys: readonly string[];
  /** base64url. */
  readonly signingKey: string;
}

/** The keys of an agent that may open sessions; null for any other. */
export async function agentKeys({ store }: Pick<Services, 'store'>, id: AgentId): Promise<PinnedKeys | null> {
  const agent = await store.read.agents.find(id);
  if (!agent || !isAdmitted(agent)) return null;
  return { curveKeys: curveKeysOf(agent), signingKey: agent.signingKey };
}
