import { bindingNotices, conflictNotice, leaseTerms, type Services } from '@xem/domain';
import type { RouterMesh } from '@xem/mesh';
import {
  PROTOCOL_VERSION,
  type AgentId,
  type AttemptKey,
  type JournalEntry,
  type LeaseAckBody,
} from '@xem/protocol';
import type { Errands } from '../errands.ts';

/** Attempts an agent runs that the router wants stopped, and those whose end the router never heard. */
export async function compareAttempts(
  { store }: Services,
  agentId: AgentId,
  inFlight: readonly AttemptKey[],
): Promise<{ readonly abort: AttemptKey[]; readonly missing: AttemptKey[] }> {
  const open = await store.read.executions.openOf(agentId);
  const openIds = new Set<string>(open.map(({ id }) => id));
  const running = new Set<string>(inFlight.map(({ execution_id }) => execution_id));
  return {
    abort: inFlight.filter(({ execution_id }) => !openIds.has(execution_id)),
    missing: open
      .filter(({ id, status }) => status === 'running' && !running.has(id))
      .map(({ id, attempt }) => ({ execution_id: id, attempt })),
  };
}

interface Noticing {
  readonly services: Services;
  readonly mesh: RouterMesh;
  readonly errands: Errands;
}

/** Tells an agent its bindings without waiting for its next renewal. */
async function tellBindings({ services, mesh }: Noticing, agentId: AgentId): Promise<void> {
  const session = services.fleet.find(agentId)?.session;
  if (!session) return;
  const body: LeaseAckBody = {
    v: PROTOCOL_VERSION,
    lease_ttl_ms: leaseTerms(services.settings).lease_ttl_ms,
    bindings: await bindingNotices(services.store.read.workspaces, agentId),
    abort: [],
    missing: [],
    send_manifest: false,
    echo: 0,
  };
  mesh.send(session, { kind: 'lease_ack', body });
}

/** Tells an agent whose name another one holds too, as soon as it has a session to be told on. */
export async function tellConflict(
  { services, mesh }: Pick<Noticing, 'services' | 'mesh'>,
  agentId: AgentId,
): Promise<void> {
  const body = await conflictNotice(services, agentId);
  const session = services.fleet.find(agentId)?.session;
  if (body && session) mesh.send(session, { kind: 'conflict', body });
}

const CHANGES_BINDINGS: ReadonlySet<string> = new Set(['workspace.bound', 'workspace.unbound']);

/** Listens for changes that agents must hear of at once. Returns what stops it. */
export function startNotices(noticing: Noticing): () => void {
  const { services, errands } = noticing;
  const tell = ({ type, refs }: JournalEntry): void => {
    const agentId = refs.agent_id;
    if (!agentId) return;
    if (CHANGES_BINDINGS.has(type)) errands.run('bindings.tell', () => tellBindings(noticing, agentId));
    if (type === 'agent.conflict') errands.run('conflict.tell', () => tellConflict(noticing, agentId));
  };
  return services.store.onCommit((entries) => entries.forEach(tell));
}
