import { curveFingerprint, signingFingerprint } from '@xem/mesh/fingerprint';
import type { Agent } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { AgentRecord } from '@xem/store';
import type { Services } from '../context.ts';
import type { LiveAgent } from '../fleet/fleet.ts';
import { actionsOf } from './actions.ts';
import { isAdmitted } from './admitted.ts';
import { lastSeenOf } from './last-seen.ts';
import { pendingChanges } from '../manifest/pending.ts';
import { leaseTerms } from './lease-terms.ts';
import { wallTimeOf } from './wall-time.ts';

type Needs = Pick<Services, 'store' | 'fleet' | 'catalogue' | 'clock' | 'settings'>;

async function servedBy({ store, catalogue }: Needs, { id }: AgentRecord): Promise<Agent['workspaces']> {
  const served = catalogue.workspacesOf(id);
  const bound = await store.read.workspaces.boundTo(id);
  return bound
    .filter((workspace) => served.has(workspace.id))
    .map((workspace) => ({ id: workspace.id, name: workspace.name, paused: workspace.paused !== null }));
}

async function manifestOf({ store }: Needs, row: AgentRecord): Promise<Agent['manifest']> {
  const published = await store.read.agents.manifest(row.id);
  const standing = await store.read.agents.toolsOf(row.id);
  return {
    version: row.manifestVersion,
    hash: row.manifestHash,
    tools: published?.manifest.tools.length ?? 0,
    pending_changes: published ? [...pendingChanges(published.manifest, standing)] : [],
  };
}

/** A line that is down under a lease that still holds was heard of last at its renewal. */
function connectionOf({ clock }: Needs, row: AgentRecord, live: LiveAgent | null): Agent['connection'] {
  const connected = live?.session != null;
  const since = live && !connected ? wallTimeOf(clock, live.lastRenewalAt) : row.connectionSince;
  return {
    state: connected ? 'connected' : 'disconnected',
    since: toTimestamp(since),
    source_address: row.sourceAddress,
  };
}

function leaseOf({ clock, settings }: Needs, live: LiveAgent | null): Agent['lease'] {
  const terms = leaseTerms(settings);
  return {
    expires_at: live && toTimestamp(wallTimeOf(clock, live.leaseEndsAt)),
    renewal_interval_ms: terms.lease_renewal_interval_ms,
    ttl_ms: terms.lease_ttl_ms,
  };
}

/** An agent as it travels: what is stored of it, and what memory knows while its lease holds. */
export async function presentAgent(services: Needs, row: AgentRecord): Promise<Agent> {
  const live = services.fleet.find(row.id);
  const manifest = await manifestOf(services, row);
  return {
    object: 'agent',
    id: row.id,
    project_id: row.projectId,
    registration_name: row.registrationName,
    region: row.region,
    version: row.agentVersion,
    status: row.status,
    paused: row.paused,
    workspaces: await servedBy(services, row),
    manifest,
    capacity: {
      slots: live?.slots ?? row.host.limits.max_concurrent_executions,
      in_flight: live?.inFlight.size ?? 0,
    },
    connection: connectionOf(services, row, live),
    curve_fingerprint: curveFingerprint(row.curveKey),
    signing_fingerprint: signingFingerprint(row.signingKey),
    lease: leaseOf(services, live),
    actions: [
      ...actionsOf(row),
      ...(isAdmitted(row) && manifest.pending_changes.length > 0 ? ['accept_manifest'] : []),
    ],
    enrolled_at: toTimestamp(row.enrolledAt),
    last_seen_at: toTimestampOrNull(lastSeenOf(services, row)),
    created_at: toTimestamp(row.createdAt),
  };
}
