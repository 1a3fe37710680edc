import {
  generateCurvePair,
  openRouterMesh,
  signerFromSeed,
  type AgentFrame,
  type AgentFrameKind,
  type EnrollReceived,
  type HelloReceived,
  type MeshSession,
  type RouterFrame,
  type RouterMesh,
  type RouterMeshHandlers,
  type SessionEnd,
  type WelcomeDraft,
} from '@xem/mesh';
import {
  AgentId,
  canonicalJson,
  ProjectId,
  WorkspaceId,
  type BindingNotice,
  type EnrolledBody,
  type LeaseAckBody,
  type WorkOrder,
} from '@xem/protocol';
import { silentLog, systemClock, systemIds } from '@xem/runtime';
import { freshScript, type Script } from './script.ts';
import { testJoinKey } from './test-join-key.ts';
import { receivedOutput, type ReceivedOutput } from './received-output.ts';

const clock = systemClock();
const ids = systemIds(clock);

/** The router's side of the mesh, real down to the sockets, with a script in place of a domain. */
export interface ScriptedRouter {
  readonly mesh: RouterMesh;
  readonly script: Script;
  readonly projectId: ProjectId;
  readonly agentId: AgentId;
  readonly workspaceId: WorkspaceId;
  readonly enrolls: readonly EnrollReceived[];
  readonly hellos: readonly HelloReceived[];
  readonly ended: readonly SessionEnd[];
  readonly frames: readonly AgentFrame[];
  readonly output: ReceivedOutput;
  joinKey(): string;
  /** Looks again after everything that happens, until there is something to see. */
  until<T>(look: () => T | undefined | false | null): Promise<T>;
  /** The session that is open, as soon as there is one. */
  session(): Promise<MeshSession>;
  send(frame: RouterFrame): Promise<void>;
  /** Sends a `lease_ack` that nothing asked for. */
  tell(fields: Partial<LeaseAckBody>): Promise<void>;
  /** Frames of a kind, in the order they came. */
  of<Kind extends AgentFrameKind>(kind: Kind): Extract<AgentFrame, { kind: Kind }>[];
  dispatch(order: WorkOrder, how?: { readonly isSigned: boolean }): Promise<void>;
  stop(): Promise<void>;
}

interface State {
  readonly enrolls: EnrollReceived[];
  readonly hellos: HelloReceived[];
  readonly ended: SessionEnd[];
  readonly frames: AgentFrame[];
  readonly watchers: Set<() => void>;
  readonly output: ReceivedOutput;
  open: MeshSession | null;
  epoch: number;
}

interface Router {
  readonly state: State;
  readonly script: Script;
  readonly keys: ReturnType<typeof makeKeys>;
  readonly names: ReturnType<typeof makeNames>;
  mesh: RouterMesh | null;
}

const makeKeys = () => ({ curve: generateCurvePair(ids), signer: signerFromSeed(ids.bytes(32)) });

const makeNames = () => ({
  projectId: ProjectId.parse(`prj_${ids.hex()}`),
  agentId: AgentId.parse(`agt_${ids.hex()}`),
  workspaceId: WorkspaceId.parse(`ws_${ids.hex()}`),
});

const happened = ({ state }: Router): void => {
  for (const watcher of state.watchers) watcher();
};

function enrolledBody(router: Router): EnrolledBody {
  const { script, names, keys, mesh } = router;
  if (script.enrolled) return script.enrolled;
  return {
    v: 1,
    ok: true,
    agent_id: names.agentId,
    project_id: names.projectId,
    data_endpoints: [mesh?.dataEndpoint ?? ''],
    router_curve_key: keys.curve.publicKey,
    router_signing_key: keys.signer.publicKey,
    lease_ttl_ms: script.ttlMs,
    lease_renewal_interval_ms: script.intervalMs,
    bindings: bindingsOf(router),
  };
}

const bindingsOf = ({ names, script }: Router): BindingNotice[] =>
  [names.workspaceId, ...script.moreBindings].map((workspace_id) => ({ workspace_id, type: null }));

/** An answer to a renewal; an `echo` of 0 answers none. */
function leaseAck(router: Router, fields: Partial<LeaseAckBody>): RouterFrame {
  const lists = { bindings: bindingsOf(router), abort: [], missing: [], send_manifest: false };
  const body = { v: 1 as const, lease_ttl_ms: router.script.ttlMs, ...lists, echo: 0, ...fields };
  return { kind: 'lease_ack', body };
}

function react(router: Router, session: MeshSession, frame: AgentFrame): void {
  const { script, state, mesh } = router;
  const send = (answer: RouterFrame): void => void mesh?.send(session.name, answer);
  if (frame.kind === 'output') {
    state.output.take(frame);
    const { execution_id, attempt } = frame.body;
    const bytes = frame.payload?.byteLength ?? 0;
    if (script.givesCredit) send({ kind: 'credit', body: { v: 1, execution_id, attempt, bytes } });
  }
  if (frame.kind === 'result' && script.acksResults) {
    const { execution_id, attempt } = frame.body;
    send({ kind: 'result_ack', body: { v: 1, execution_id, attempt } });
  }
  if (frame.kind === 'lease_renewal' && script.acksLeases)
    send(leaseAck(router, { echo: frame.body.sent_at }));
}

function welcomeDraft(router: Router): WelcomeDraft {
  const { script, state } = router;
  state.epoch += 1;
  return {
    epoch: state.epoch,
    lease_ttl_ms: script.ttlMs,
    lease_renewal_interval_ms: script.intervalMs,
    bindings: bindingsOf(router),
    resume: [],
    abort: [],
    settled: [],
    send_manifest: false,
    ...script.welcome,
  };
}

function handlersOf(router: Router): RouterMeshHandlers {
  const { state } = router;
  return {
    enroll: async (request) => {
      state.enrolls.push(request);
      happened(router);
      return enrolledBody(router);
    },
    agentKeys: async () => {
      const body = state.enrolls.at(-1)?.body;
      return body ? { curveKeys: [body.curve_public_key], signingKey: body.signing_public_key } : null;
    },
    welcome: async (received) => {
      state.hellos.push(received);
      happened(router);
      const { refused } = router.script;
      return refused ? { refused } : welcomeDraft(router);
    },
    opened: (session) => {
      state.open = session;
      happened(router);
    },
    frame: (session, frame) => {
      state.frames.push(frame);
      react(router, session, frame);
      happened(router);
    },
    closed: (session, end) => {
      state.ended.push(end);
      if (state.open?.name === session.name) state.open = null;
      happened(router);
    },
    violation: ({ reason }) => {
      throw new Error(reason);
    },
    fatal: (error) => {
      throw error;
    },
  };
}

function untilSeen<T>({ state }: Router, look: () => T | undefined | false | null): Promise<T> {
  return new Promise((resolve) => {
    const watcher = (): void => {
      const seen = look();
      if (seen === undefined || seen === false || seen === null) return;
      state.watchers.delete(watcher);
      resolve(seen);
    };
    state.watchers.add(watcher);
    watcher();
  });
}

async function open(router: Router, dataEndpoint: string): Promise<RouterMesh> {
  const { keys, state, script } = router;
  return openRouterMesh({
    clock,
    ids,
    log: silentLog,
    dataEndpoint,
    enrollEndpoint: 'tcp://127.0.0.1:0',
    ...keys,
    admits: (curveKey) =>
      script.admits && state.enrolls.some(({ body }) => body.curve_public_key === curveKey),
    handlers: handlersOf(router),
  });
}

const freshState = (): State => ({
  enrolls: [],
  hellos: [],
  ended: [],
  frames: [],
  watchers: new Set(),
  output: receivedOutput(),
  open: null,
  epoch: 0,
});

const isOf = <Kind extends AgentFrameKind>(
  frame: AgentFrame,
  kind: Kind,
): frame is Extract<AgentFrame, { kind: Kind }> => frame.kind === kind;

/** Opens a scripted router on free ports of the loopback interface. */
export async function openScriptedRouter(): Promise<ScriptedRouter> {
  const router: Router = {
    state: freshState(),
    script: freshScript(),
    keys: makeKeys(),
    names: makeNames(),
    mesh: null,
  };
  const { state, script, names, keys } = router;
  const mesh = await open(router, 'tcp://127.0.0.1:0');
  router.mesh = mesh;
  const session = (): Promise<MeshSession> => untilSeen(router, () => state.open);
  const send = async (frame: RouterFrame): Promise<void> => void mesh.send((await session()).name, frame);
  return {
    mesh,
    script,
    ...names,
    enrolls: state.enrolls,
    hellos: state.hellos,
    ended: state.ended,
    frames: state.frames,
    output: state.output,
    joinKey: () => testJoinKey({ ...keys, ...names, enrollEndpoint: mesh.enrollEndpoint }),
    until: (look) => untilSeen(router, look),
    session,
    send,
    tell: (fields) => send(leaseAck(router, fields)),
    of: (kind) => state.frames.filter((frame) => isOf(frame, kind)),
    dispatch: async (order, { isSigned } = { isSigned: false }) => {
      const bytes = Buffer.from(canonicalJson(order));
      const sig = isSigned ? { sig: keys.signer.sign(bytes) } : {};
      await send({ kind: 'dispatch', body: { v: 1, order: bytes, ...sig } });
    },
    stop: () => mesh.stop(),
  };
}
