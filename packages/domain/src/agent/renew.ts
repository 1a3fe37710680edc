import { ExecError } from '@xem/errors';
import type { AgentId, LeaseAckBody, LeaseRenewalBody } from '@xem/protocol';
import type { Services } from '../context.ts';
import { bindingNotices } from './binding-notices.ts';
import { leaseTerms } from './lease-terms.ts';
import { publishManifest } from './publish-manifest.ts';

/** A renewal of an agent's own session, and how long the last answer was on its way. */
export interface LeaseRenewal {
  readonly agentId: AgentId;
  readonly body: LeaseRenewalBody;
  readonly roundTripMs: number | null;
}

/** The part of the answer that does not speak of executions. */
export type Renewed = Pick<LeaseAckBody, 'lease_ttl_ms' | 'bindings' | 'send_manifest'>;

/** A manifest that cannot be taken over leaves the old one standing; asking for it again at once would not mend it. */
async function takeOver(services: Services, { agentId, body }: LeaseRenewal): Promise<boolean> {
  try {
    await publishManifest(services, { agentId, manifest: body.manifest });
    return true;
  } catch (err) {
    if (!(err instanceof ExecError) || err.code !== 'exec_manifest_invalid') throw err;
    services.log.warn('agent.manifest_refused', { agentId, message: err.message, pointer: err.param });
    return false;
  }
}

/** Lengthens the lease of an agent in memory, takes over a manifest that came along, and offers it work again. */
export async function renew(services: Services, renewal: LeaseRenewal): Promise<Renewed> {
  const { agentId, body, roundTripMs } = renewal;
  const { lease_ttl_ms: ttlMs } = leaseTerms(services.settings);
  const now = services.clock.monotonic();
  services.fleet.renew(agentId, {
    slots: body.load.slots,
    leaseEndsAt: now + ttlMs,
    lastRenewalAt: now,
    roundTripMs,
  });
  const refused = body.manifest !== undefined && !(await takeOver(services, renewal));
  const { agents, workspaces } = services.store.read;
  const agent = await agents.find(agentId);
  for (const hold of ['refused', 'unread'] as const) services.fleet.unhold(agentId, hold);
  const sendManifest = !refused && agent !== null && agent.manifestHash !== body.manifest_hash;
  return {
    lease_ttl_ms: ttlMs,
    bindings: await bindingNotices(workspaces, agentId),
    send_manifest: sendManifest,
  };
}
