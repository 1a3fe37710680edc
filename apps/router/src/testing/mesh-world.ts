import { enroll } from '@xem/domain';
import { inWorld, report, testHost, testJoinKey, TOOLS, type TestWorld } from '@xem/domain/testing';
import type { CurvePair } from '@xem/mesh';
import {
  agentIdentity,
  memoryNetwork,
  openRecordedLink,
  type AgentIdentity,
  type LinkRecord,
  type MemoryNetwork,
  type RecordedLink,
} from '@xem/mesh/testing';
import {
  Manifest,
  manifestHash,
  PROTOCOL_VERSION,
  WorkOrder,
  type AttemptKey,
  type Invocation,
  type RefusalReason,
  type UnacknowledgedAttempt,
} from '@xem/protocol';
import type { RouterMesh } from '@xem/mesh';
import { createLifecycle } from '@xem/runtime';
import { createErrands } from '../errands.ts';
import { createConnections } from '../mesh/connections.ts';
import { openMesh } from '../mesh/open.ts';

const ROUTER = agentIdentity('router');

/** Time of the clock that stands still. */
const PATIENCE_MS = 60_000;

/** An agent on a network in memory, whose frames a test sends by hand. */
interface MeshAgent extends AgentIdentity {
  readonly link: RecordedLink['link'];
  readonly heard: () => LinkRecord['frames'];
  readonly welcomes: () => LinkRecord['welcomes'];
  readonly losses: () => LinkRecord['losses'];
  /** From its next connection on it comes with these keys, the first choice first. */
  readonly comeWith: (curves: readonly CurvePair[]) => void;
  /** Opens a new session, and lists these as not acknowledged in its hello. */
  readonly comeBackWith: (unacknowledged: readonly UnacknowledgedAttempt[]) => void;
  /** The orders it was sent, oldest first; one that came twice is there twice. */
  readonly orders: () => readonly WorkOrder[];
  /** The attempts it was told to stop. */
  readonly cancels: () => readonly AttemptKey[];
  /** What it was told of pauses, as `pause workspace ws_…`, oldest first. */
  readonly pauses: () => readonly string[];
  readonly accept: (key: AttemptKey) => void;
  readonly refuse: (key: AttemptKey, reason: RefusalReason) => void;
  /** Reports a run that printed nothing and ended well. */
  readonly end: (key: AttemptKey) => void;
  readonly renew: () => void;
}

/** The router's side of the mesh over a real store, with one agent that has four slots and a tool of each risk. */
export interface MeshWorld extends TestWorld {
  readonly network: MemoryNetwork;
  readonly mesh: RouterMesh;
  readonly agent: MeshAgent;
  /** Moves the clock until this holds, by a minute at most. */
  readonly until: (holds: () => boolean) => Promise<void>;
}

const keyOf = ({ execution_id, attempt }: AttemptKey): AttemptKey => ({ execution_id, attempt });

/** The attempt a call is on. */
export function keyOfCall({ execution_id, attempt }: Invocation): AttemptKey {
  if (execution_id === null) throw new Error('the call was not dispatched');
  return { execution_id, attempt };
}

interface Enrolled {
  readonly identity: AgentIdentity;
  readonly manifestHash: string;
}

async function enrolled(world: TestWorld): Promise<Enrolled> {
  const { curve, signer } = agentIdentity('agent');
  const workspaces = [world.seed.workspace_id];
  const manifest = { manifest_version: 1, workspaces: workspaces.map((id) => ({ id })), tools: TOOLS };
  const joinKey = await testJoinKey(world.operator, { workspaces });
  const { answer } = await enroll(world.services, {
    sourceAddress: '127.0.0.1',
    body: {
      ...testHost(world.services).request(joinKey, manifest),
      curve_public_key: curve.publicKey,
      signing_public_key: signer.publicKey,
    },
  });
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`);
  const identity = { agentId: answer.agent_id, curve, signer };
  return { identity, manifestHash: manifestHash(Manifest.parse(manifest)) };
}

function agentHands(
  { identity, manifestHash: hash }: Enrolled,
  { link, record }: RecordedLink,
  { comeWith, list }: Pick<MeshAgent, 'comeWith'> & { readonly list: MeshAgent['comeBackWith'] },
): MeshAgent {
  const v = { v: PROTOCOL_VERSION } as const;
  return {
    ...identity,
    link,
    comeWith,
    comeBackWith: (unacknowledged) => {
      list(unacknowledged);
      link.reconnect('the test');
    },
    heard: () => record.frames,
    welcomes: () => record.welcomes,
    losses: () => record.losses,
    orders: () =>
      record.frames.flatMap((frame) =>
        frame.kind === 'dispatch'
          ? WorkOrder.parse(JSON.parse(Buffer.from(frame.body.order).toString()))
          : [],
      ),
    cancels: () => record.frames.flatMap((frame) => (frame.kind === 'cancel' ? keyOf(frame.body) : [])),
    pauses: () =>
      record.frames.flatMap((frame) =>
        frame.kind === 'pause' || frame.kind === 'resume'
          ? `${frame.kind} ${frame.body.scope} ${frame.body.id}`
          : [],
      ),
    accept: (key) => link.send({ kind: 'accept', body: { ...v, ...keyOf(key) } }),
    refuse: (key, reason) =>
      link.send({ kind: 'refuse', body: { ...v, ...keyOf(key), reason, message: reason } }),
    end: (key) => link.send({ kind: 'result', body: { ...v, ...keyOf(key), ...report() } }),
    renew: () =>
      link.send({
        kind: 'lease_renewal',
        body: {
          ...v,
          manifest_version: 1,
          manifest_hash: hash,
          in_flight: [],
          load: { slots: 4, in_flight: 0 },
          sent_at: 0,
        },
      }),
  };
}

/** Runs a test in a mesh of its own, which is closed whatever comes. */
export const inMeshWorld = (run: (world: MeshWorld) => Promise<void>): Promise<void> =>
  inWorld(async (world) => {
    const { services, clock } = world;
    const network = memoryNetwork({ clock, seed: 'router' });
    const lifecycle = createLifecycle(services.log);
    const errands = lifecycle.own(createErrands(services.log), (owned) => owned.drained());
    const until = async (holds: () => boolean): Promise<void> => {
      const givesUpAt = clock.now() + PATIENCE_MS;
      while (!holds()) {
        if (clock.now() > givesUpAt) throw new Error('what the test waits for did not come');
        await clock.advance(1);
      }
    };
    try {
      const published = await enrolled(world);
      const { identity } = published;
      const mesh = await openMesh({
        services,
        keys: ROUTER,
        connections: createConnections(),
        errands,
        lifecycle,
        network,
        dataEndpoint: 'tcp://router:0',
        enrollEndpoint: 'tcp://router:0',
        fatal: (err) => {
          throw err;
        },
      });
      let curves: readonly CurvePair[] = [identity.curve];
      let unacknowledged: readonly UnacknowledgedAttempt[] = [];
      const recorded = openRecordedLink({
        curves: () => curves,
        unacknowledged: () => unacknowledged,
        clock,
        network,
        agent: identity,
        ids: services.ids,
        endpoints: [mesh.dataEndpoint],
        manifestHash: published.manifestHash,
      });
      lifecycle.own(recorded.link, (link) => link.close());
      const agent = agentHands(published, recorded, {
        comeWith: (others) => void (curves = others),
        list: (listed) => void (unacknowledged = listed),
      });
      await until(() => typeof services.fleet.find(identity.agentId)?.session === 'string');
      await run({ ...world, network, mesh, agent, until });
    } finally {
      const closed = lifecycle.close();
      await clock.advance(10_000);
      await closed;
    }
  });
