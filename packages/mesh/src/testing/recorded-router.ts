import type { AgentId } from '@xem/protocol';
import { silentLog, type Clock, type IdSource } from '@xem/runtime';
import type {
  EnrollReceived,
  HelloReceived,
  MeshLimits,
  MeshSession,
  RouterMesh,
  RouterMeshHandlers,
  SessionEnd,
  Violation,
} from '../router/contract.ts';
import { openRouterMesh } from '../router/router-mesh.ts';
import type { AgentFrame } from '../wire/direction.ts';
import type { MeshNetwork } from '../wire/transport.ts';
import { agentIdentity, type AgentIdentity } from './agent-identity.ts';
import { createBell } from './bell.ts';

/** Everything a recorded router was told, in order. */
export interface RouterRecord {
  readonly enrolls: EnrollReceived[];
  readonly hellos: HelloReceived[];
  readonly opened: MeshSession[];
  readonly frames: { readonly session: MeshSession; readonly frame: AgentFrame }[];
  readonly closed: { readonly session: MeshSession; readonly end: SessionEnd }[];
  readonly violations: Violation[];
  readonly fatal: Error[];
}

export interface RecordedRouterOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly agents: readonly AgentIdentity[];
  readonly network?: MeshNetwork;
  readonly limits?: Partial<MeshLimits>;
  readonly dataEndpoint?: string;
  readonly enrollEndpoint?: string;
  /** Replaces single handlers. */
  readonly handlers?: Partial<RouterMeshHandlers>;
  readonly admits?: (curveKey: string) => boolean;
}

/** A router with the smallest of domains behind it: it knows some agents, counts epochs and records the rest. */
export interface RecordedRouter {
  readonly mesh: RouterMesh;
  readonly identity: AgentIdentity;
  readonly record: RouterRecord;
  /** Resolves once this holds; asked again after each thing the router is told. */
  readonly until: (holds: (record: RouterRecord) => boolean) => Promise<void>;
}

const LEASE = { lease_ttl_ms: 30_000, lease_renewal_interval_ms: 10_000 } as const;

function recordingHandlers(
  agents: readonly AgentIdentity[],
  record: RouterRecord,
  ring: () => void,
): RouterMeshHandlers {
  const epochs = new Map<AgentId, number>();
  return {
    enroll: async (request) => {
      record.enrolls.push(request);
      ring();
      return { v: 1, ok: false, code: 'join_key_invalid', message: 'no keys here', operator_action: 'none' };
    },
    agentKeys: async (agentId) => {
      const agent = agents.find((known) => known.agentId === agentId);
      return agent ? { curveKeys: [agent.curve.publicKey], signingKey: agent.signer.publicKey } : null;
    },
    welcome: async (received) => {
      record.hellos.push(received);
      ring();
      const epoch = (epochs.get(received.agentId) ?? 0) + 1;
      epochs.set(received.agentId, epoch);
      return { ...LEASE, epoch, bindings: [], resume: [], abort: [], settled: [], send_manifest: false };
    },
    opened: (session) => (record.opened.push(session), ring()),
    frame: (session, frame) => (record.frames.push({ session, frame }), ring()),
    closed: (session, end) => (record.closed.push({ session, end }), ring()),
    violation: (violation) => (record.violations.push(violation), ring()),
    fatal: (error) => (record.fatal.push(error), ring()),
  };
}

/** Opens a recorded router, on free ports of the loopback interface unless told otherwise. */
export async function openRecordedRouter(options: RecordedRouterOptions): Promise<RecordedRouter> {
  const { agents, clock, ids, network, limits } = options;
  const record: RouterRecord = {
    enrolls: [],
    hellos: [],
    opened: [],
    frames: [],
    closed: [],
    violations: [],
    fatal: [],
  };
  const identity = agentIdentity('router');
  const bell = createBell();
  const known = new Set(agents.map(({ curve }) => curve.publicKey));
  const mesh = await openRouterMesh({
    clock,
    ids,
    log: silentLog,
    dataEndpoint: options.dataEndpoint ?? 'tcp://127.0.0.1:0',
    enrollEndpoint: options.enrollEndpoint ?? 'tcp://127.0.0.1:0',
    curve: identity.curve,
    signer: identity.signer,
    admits: options.admits ?? ((curveKey) => known.has(curveKey)),
    handlers: { ...recordingHandlers(agents, record, bell.ring), ...options.handlers },
    ...(limits ? { limits } : {}),
    ...(network ? { network } : {}),
  });
  return { mesh, identity, record, until: (holds) => bell.until(() => holds(record)) };
}
