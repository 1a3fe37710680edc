import { accept, agentContext, settle, type ProjectContext, type Settlement } from '@xem/domain';
import { inWorld, onlineAgent, testTool, type TestWorld } from '@xem/domain/testing';
import {
  Invocation,
  sha256Hex,
  type AgentId,
  type EntryType,
  type JournalEntry,
  type OutputStream,
} from '@xem/protocol';
import { z } from 'zod';
import { createHttpApp, type HttpApp } from '../http/app.ts';
import { addressReader } from '../http/middleware/client-address.ts';
import { createMeters } from '../metrics/meters.ts';

/** Smaller than a router's, so that tests need not send a mebibyte. */
export const BODY_BYTES_MAX = 64 * 1024;

/** Requests without a valid key that one address may send at once. */
export const UNAUTHENTICATED_PER_MINUTE = 20;

type Report = Settlement['report'];

interface CallOptions {
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** How a run of a test agent ends. */
interface RunEnd {
  readonly stdout?: Uint8Array;
  readonly stderr?: Uint8Array;
  readonly report?: Partial<Report>;
}

/** A mesh without sockets, its HTTP app, and one agent whose runs a test ends by hand. */
export interface HttpWorld extends TestWorld {
  readonly app: HttpApp;
  /** Sends `METHOD /path` with the service's key unless another is given; an empty key sends none. */
  readonly call: (line: string, options?: CallOptions) => Promise<Response>;
  /** Asks for a tool call through the API. */
  readonly invoke: (body?: Readonly<Record<string, unknown>>, options?: CallOptions) => Promise<Invocation>;
  /** The next entry of a type that is committed. */
  readonly committed: (type: EntryType) => Promise<JournalEntry>;
  /** Lets the agent take its order. */
  readonly start: (call: Invocation) => Promise<void>;
  /** Stores output as the agent sends it. */
  readonly write: (call: Invocation, stream: OutputStream, bytes: Uint8Array) => Promise<void>;
  /** Lets the agent end its run. */
  readonly finish: (call: Invocation, end?: RunEnd) => Promise<void>;
}

const readiness = async (): Promise<Record<string, boolean>> => ({ store: true });

const TOOLS = [
  testTool({ name: 'demo_echo', risk: 'read' }),
  testTool({ name: 'demo_effect', risk: 'destructive' }),
  testTool({ name: 'demo_wipe', risk: 'irreversible', description: 'Wipes <b>everything</b>' }),
];

const REPORT: Report = {
  status: 'completed',
  ended_by: 'exit',
  exit_code: 0,
  signal: null,
  duration_ms: 5,
  error: null,
  stdout: { bytes: 0, sha256: sha256Hex(''), truncated: false, masked: 0 },
  stderr: { bytes: 0, sha256: sha256Hex(''), truncated: false, masked: 0 },
  survivors: [],
};

const summaryOf = (bytes: Uint8Array): Report['stdout'] => ({
  ...REPORT.stdout,
  bytes: bytes.length,
  sha256: sha256Hex(bytes),
});

const attemptOf = ({ execution_id: executionId, attempt }: Invocation, agentId: AgentId) => {
  if (executionId === null) throw new Error('the call was not dispatched');
  return { agentId, executionId, attempt };
};

/** The agent's side: what frames would bring. */
function agentHands(
  world: TestWorld,
  ctx: ProjectContext,
  agentId: AgentId,
): Pick<HttpWorld, 'start' | 'write' | 'finish'> {
  const { outputs } = world.store;
  const { projectId } = ctx;
  const write: HttpWorld['write'] = async (call, stream, bytes) => {
    const { executionId } = attemptOf(call, agentId);
    const before = await outputs.stored(executionId);
    const stored = await outputs.append({ projectId, executionId, stream, offset: before[stream], bytes });
    world.services.outputNotices.publish(executionId, stream, stored);
  };
  return {
    write,
    start: async (call) => void (await accept(ctx, attemptOf(call, agentId))),
    finish: async (call, { stdout = new Uint8Array(), stderr = new Uint8Array(), report = {} } = {}) => {
      if (stdout.length > 0) await write(call, 'stdout', stdout);
      if (stderr.length > 0) await write(call, 'stderr', stderr);
      const ref = attemptOf(call, agentId);
      const stored = await outputs.seal(projectId, ref.executionId);
      const said = { ...REPORT, stdout: summaryOf(stdout), stderr: summaryOf(stderr), ...report };
      await settle(ctx, { ...ref, report: said, stored });
    },
  };
}

const listenFor =
  ({ store }: TestWorld): HttpWorld['committed'] =>
  (type) =>
    new Promise((resolve) => {
      const stop = store.onCommit((entries) => {
        const entry = entries.find((each) => each.type === type);
        if (!entry) return;
        stop();
        resolve(entry);
      });
    });

function clientHands(world: TestWorld, { hono }: HttpApp): Pick<HttpWorld, 'call' | 'invoke'> {
  const call: HttpWorld['call'] = async (
    line,
    { key = world.seed.keys.service, body, headers, signal } = {},
  ) => {
    const [method = 'GET', path = '/'] = line.split(' ');
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const bearer = key === '' ? {} : { authorization: `Bearer ${key}` };
    const init = { method, headers: { ...bearer, ...headers }, ...(text !== undefined && { body: text }) };
    return hono.request(path, signal ? { ...init, signal } : init);
  };
  return {
    call,
    invoke: async (body, options) => {
      const asked = { workspace_id: world.seed.workspace_id, tool: 'demo_echo', args: {}, ...body };
      const answer = await call('POST /v1/exec/invocations', { ...options, body: asked });
      if (!answer.ok) throw new Error(await answer.text());
      return invocationOf(answer);
    },
  };
}

/** The HTTP app of a router that has just started: its memory holds nothing of what was. */
export const openApp = ({ services }: TestWorld): HttpApp =>
  createHttpApp(services, {
    bodyBytesMax: BODY_BYTES_MAX,
    unauthenticatedPerMinute: UNAUTHENTICATED_PER_MINUTE,
    addressOf: addressReader({ ranges: ['127.0.0.0/8', '::1'], header: 'x-forwarded-for' }),
    readiness,
    meters: createMeters(services),
    post: async () => ({ responseStatus: 204, error: null }),
    tracing: null,
  });

/** Runs a test against the HTTP app of a world of its own, which is closed whatever comes. */
export const inHttpWorld = (run: (world: HttpWorld) => Promise<void>): Promise<void> =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world, {
      tools: TOOLS,
      workspaces: [world.seed.workspace_id],
    });

    const app = openApp(world);
    const ctx = agentContext(world.services, { projectId: agent.projectId, agentId: agent.id });
    try {
      await run({
        ...world,
        app,
        committed: listenFor(world),
        ...agentHands(world, ctx, agent.id),
        ...clientHands(world, app),
      });
    } finally {
      app.drain();
      app.close();
    }
  });

const Refusal = z.object({ error: z.object({ code: z.string(), param: z.string().nullable() }) });

/** The invocation an answer carries, checked against its schema. */
export const invocationOf = async (answer: Response): Promise<Invocation> =>
  Invocation.parse(await answer.json());

/** The code and the parameter of a refusal. */
export async function refusalOf(
  answer: Response,
): Promise<{ status: number; code: string; param: string | null }> {
  const { error } = Refusal.parse(await answer.json());
  return { status: answer.status, code: error.code, param: error.param };
}
