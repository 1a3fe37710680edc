import { AgentId, createInvocation, ExecutionId, type InputOf, type Invocation } from '@xem/protocol';
import type { ExecutionRecord, InvocationRecord } from '@xem/store';
import { agentContext, type ProjectContext, type VerbContext } from '../context.ts';
import { accept } from '../execution/accept.ts';
import type { AttemptRef } from '../execution/attempt.ts';
import type { Report } from '../execution/outcome.ts';
import { settle } from '../execution/settle.ts';
import type { Admission } from '../invocation/admission.ts';
import { create } from '../invocation/create.ts';
import { onlineAgent, testTool, type TestAgentOptions } from './agent.ts';
import type { TestWorld } from './world.ts';

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const EMPTY_STREAM = { bytes: 0, sha256: EMPTY_SHA256, truncated: false, masked: 0 };
const STORED = { stdout: { bytes: 0, sha256: EMPTY_SHA256 }, stderr: { bytes: 0, sha256: EMPTY_SHA256 } };

/** A tool of each risk, as the agent of `callWorld` publishes them. */
export const TOOLS = [
  testTool({ name: 'demo_echo' }),
  testTool({ name: 'demo_write', risk: 'write' }),
  testTool({ name: 'demo_again', risk: 'write', idempotent: true }),
  testTool({ name: 'demo_effect', risk: 'destructive' }),
  testTool({ name: 'demo_wipe', risk: 'irreversible' }),
];

/** An agent that serves the demo workspace with a tool of each risk. */
export const servingAgent = (world: TestWorld, options: TestAgentOptions = {}) =>
  onlineAgent(world, { tools: TOOLS, workspaces: [world.seed.workspace_id], ...options });

/** Asks for a call as a service does, and expects it to be let in. */
export async function askFor(
  { service, seed }: TestWorld,
  tool: string,
  {
    ctx = service,
    ...input
  }: Partial<InputOf<typeof createInvocation>> & { readonly ctx?: VerbContext } = {},
): Promise<Invocation> {
  const admission = await admissionOf(ctx, { workspace_id: seed.workspace_id, tool, args: {}, ...input });
  if (admission.kind === 'planned') throw new Error('a plan is no invocation');
  return admission.body;
}

/** What a request for a call comes to. */
export const admissionOf = (ctx: VerbContext, input: InputOf<typeof createInvocation>): Promise<Admission> =>
  create(ctx, createInvocation.input.parse(input));

/** The attempt an invocation is on. */
export const attemptOf = ({ agent_id, execution_id, attempt }: Invocation): AttemptRef => ({
  agentId: AgentId.parse(agent_id),
  executionId: ExecutionId.parse(execution_id),
  attempt,
});

/** The context frames of an attempt's agent are handled in. */
export const agentOf = ({ services, operator }: TestWorld, { agentId }: AttemptRef): ProjectContext =>
  agentContext(services, { projectId: operator.projectId, agentId });

/** A report of a run that printed nothing and ended well, unless said. */
export const report = (change: Partial<Report> = {}): Report => ({
  status: 'completed',
  ended_by: 'exit',
  exit_code: 0,
  signal: null,
  duration_ms: 5,
  error: null,
  stdout: EMPTY_STREAM,
  stderr: EMPTY_STREAM,
  survivors: [],
  ...change,
});

/** Hears that an attempt runs. */
export const start = (world: TestWorld, invocation: Invocation) =>
  accept(agentOf(world, attemptOf(invocation)), attemptOf(invocation));

/** Hears that an attempt ended. */
export const end = (world: TestWorld, invocation: Invocation, change: Partial<Report> = {}): Promise<void> =>
  settle(agentOf(world, attemptOf(invocation)), {
    ...attemptOf(invocation),
    report: report(change),
    stored: STORED,
  });

/** The row of an invocation as it is now. */
export async function rowOf(
  { store, operator }: TestWorld,
  { id }: Pick<Invocation, 'id'>,
): Promise<InvocationRecord> {
  const row = await store.read.invocations.get(operator.projectId, id);
  if (!row) throw new Error(`no invocation ${id}`);
  return row;
}

/** The row of an attempt as it is now. */
export async function attemptRow({ store }: TestWorld, ref: AttemptRef): Promise<ExecutionRecord> {
  const row = await store.read.executions.find(ref.executionId);
  if (!row) throw new Error(`no execution ${ref.executionId}`);
  return row;
}

/** The types of an invocation's journal entries, oldest first. */
export async function storyOf(
  { store, operator }: TestWorld,
  { id }: Pick<Invocation, 'id'>,
): Promise<readonly string[]> {
  const entries = await store.read.journal.ofInvocation(operator.projectId, id, 0);
  return entries.map(({ type }) => type);
}
