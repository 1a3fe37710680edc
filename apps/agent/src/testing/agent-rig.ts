import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ApprovalId,
  callSha256,
  ExecutionId,
  InvocationId,
  Manifest,
  PolicyId,
  PrincipalId,
  toolDigest,
  hashJson,
  type WorkOrder,
} from '@xem/protocol';
import { systemClock, systemIds, toTimestamp } from '@xem/runtime';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { openScriptedRouter, type ScriptedRouter } from './scripted-router.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const SHIPPED = fileURLToPath(new URL('../../bundles', import.meta.url));
const GATE = fileURLToPath(new URL('gate', import.meta.url));
/** As everybody starts it. */
const EXEC_ARGV = ['--max-semi-space-size=2'];
const ORDER_MS = 60_000;
const CLOSE_MS = 60_000;
const Leader = z.object({ pid: z.int().min(2) });

const clock = systemClock();
const ids = systemIds(clock);

/** What an order of a test says beyond its tool. */
type OrderFields = Partial<WorkOrder> & Pick<WorkOrder, 'tool'>;

/** A real agent, as a process of its own, and the router it belongs to. */
export interface AgentRig {
  readonly router: ScriptedRouter;
  readonly stateDir: string;
  /** Writes a bundle into its folder of tools, or over the one that is there. */
  readonly writeBundle: (name: string, yaml: string) => void;
  /** Writes the policy of the host, and gives its path. */
  readonly writePolicy: (yaml: string) => string;
  /** Writes a file of credentials. */
  readonly writeCredentials: (ref: string, text: string) => void;
  /** Starts the agent; with the state folder it had before. */
  readonly start: (env?: Readonly<Record<string, string>>) => AgentProcess;
  /** An order for this agent in its present session, right in all its parts but for the fields given. */
  readonly order: (fields: OrderFields) => Promise<WorkOrder>;
  /** Lines of the effect log. */
  readonly effects: () => string[];
  /** Names in the spool. */
  readonly spool: () => string[];
  /** Kills, from outside, whatever runs for an attempt. */
  readonly killTools: (order: WorkOrder) => void;
  /** A door that the tools of the gate bundle wait at. */
  readonly door: (name: string) => Door;
  readonly close: () => Promise<void>;
}

/** A door of the gate bundle. */
interface Door {
  readonly path: string;
  open(): void;
  /** How often a tool came to it. */
  starts(): number;
}

/** An agent's process. */
interface AgentProcess {
  readonly child: ChildProcess;
  /** What it wrote to standard error. */
  words(): string;
  /** Waits until it wrote this. */
  says(text: string): Promise<void>;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Kills it the hard way. */
  kill(): Promise<void>;
}

function startProcess(env: Readonly<Record<string, string>>): AgentProcess {
  const child = fork(MAIN, [], { env, execArgv: EXEC_ARGV, stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  let words = '';
  child.stderr?.on('data', (piece: Buffer) => (words += piece.toString()));
  const written = new Promise<void>((resolve) => child.stderr?.once('end', resolve));
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => void written.then(() => resolve({ code, signal })));
  });
  return {
    child,
    words: () => words,
    says: async (text) => {
      while (child.stderr && !words.includes(text)) await once(child.stderr, 'data');
    },
    exit,
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function definitionOf(router: ScriptedRouter, tool: string) {
  const republished = router.of('lease_renewal').flatMap(({ body }) => body.manifest ?? []);
  const manifest = Manifest.parse(republished.at(-1) ?? router.enrolls.at(-1)?.body.manifest);
  const definition = manifest.tools.find(({ name }) => name === tool);
  if (!definition) throw new Error(`the agent has no ${tool}`);
  return definition;
}

async function orderFor(router: ScriptedRouter, fields: OrderFields): Promise<WorkOrder> {
  const session = await router.session();
  const definition = definitionOf(router, fields.tool);
  const args = fields.args ?? {};
  return {
    ctx: 'xem/order/1',
    project_id: router.projectId,
    invocation_id: InvocationId.parse(ids.uuid()),
    execution_id: ExecutionId.parse(ids.uuid()),
    attempt: 1,
    agent_id: router.agentId,
    session: session.name,
    epoch: session.epoch,
    workspace_id: router.workspaceId,
    tool_digest: toolDigest(definition),
    args,
    args_sha256: hashJson(args),
    risk: definition.risk,
    timeout_ms: 30_000,
    issued_at: toTimestamp(clock.now()),
    expires_at: toTimestamp(clock.now() + ORDER_MS),
    requester: PrincipalId.parse(`prn_${ids.hex()}`),
    policy_id: PolicyId.parse(`pol_${ids.hex()}`),
    policy_version: 1,
    ...fields,
  };
}

/** An order with the receipt of a decision over this very call. */
export function decided(order: WorkOrder): WorkOrder {
  const { policy_id, policy_version } = order;
  if (policy_id === undefined || policy_version === undefined) throw new Error('an order without a policy');
  const { project_id, workspace_id, tool, tool_digest, args, timeout_ms, requester } = order;
  const call = { project_id, workspace_id, tool, tool_digest, args, timeout_ms, requester };
  const pinned_agent_id = order.pinned_agent_id ?? null;
  const approval = {
    id: ApprovalId.parse(ids.uuid()),
    kind: 'policy' as const,
    call_sha256: callSha256({ v: 1, ...call, pinned_agent_id, policy_id, policy_version }),
    deciders: [PrincipalId.parse(`prn_${ids.hex()}`)],
    decided_at: toTimestamp(clock.now()),
  };
  return { ...order, approval };
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

function openDoor(path: string): Door {
  return { path, open: () => writeFileSync(path, ''), starts: () => linesOf(`${path}.starts`).length };
}

/** A folder with the shipped bundles and the gate. */
function makeTools(path: string): string {
  mkdirSync(path);
  for (const name of ['demo', 'host']) symlinkSync(join(SHIPPED, name), join(path, name));
  symlinkSync(GATE, join(path, 'gate'));
  return path;
}

const environment = (folder: string, joinKey: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  XEM_CONFIG: '/dev/null',
  XEM_STATE_DIR: join(folder, 'state'),
  XEM_TOOLS_DIR: join(folder, 'tools'),
  XEM_CREDENTIALS_DIR: join(folder, 'credentials'),
  XEM_REGISTRATION_NAME: 'agent-01',
  XEM_JOIN_KEY: joinKey,
  XEM_EFFECT_LOG: join(folder, 'effects.jsonl'),
  XEM_LOG_LEVEL: 'warn',
  XEM_ON_SHUTDOWN: 'kill',
  XEM_SHUTDOWN_GRACE_SECONDS: '0',
});

/** Opens a rig: a router, and a folder for the agent. */
export async function openAgentRig(): Promise<AgentRig> {
  const router = await openScriptedRouter();
  const folder = mkdtempSync(join(tmpdir(), 'xem-agent-'));
  makeTools(join(folder, 'tools'));
  const env = environment(folder, router.joinKey());
  const started: AgentProcess[] = [];
  return {
    router,
    stateDir: join(folder, 'state'),
    writeBundle: (name, yaml) => {
      mkdirSync(join(folder, 'tools', name), { recursive: true });
      writeFileSync(join(folder, 'tools', name, 'bundle.yaml'), yaml);
    },
    writePolicy: (yaml) => {
      const file = join(folder, 'policy.yaml');
      writeFileSync(file, yaml, { mode: 0o600 });
      return file;
    },
    writeCredentials: (ref, text) => {
      mkdirSync(join(folder, 'credentials'), { recursive: true });
      writeFileSync(join(folder, 'credentials', ref), text, { mode: 0o600 });
    },
    start: (changed = {}) => {
      const agent = startProcess({ ...env, ...changed });
      started.push(agent);
      return agent;
    },
    order: (fields) => orderFor(router, fields),
    effects: () => linesOf(join(folder, 'effects.jsonl')),
    spool: () => readdirSync(join(folder, 'state', 'spool')),
    killTools: ({ execution_id, attempt }) => {
      const meta = readFileSync(
        join(folder, 'state', 'spool', `${execution_id}.${attempt}`, 'meta.json'),
        'utf8',
      );
      process.kill(-Leader.parse(JSON.parse(meta)).pid, 'SIGKILL');
    },
    door: (name) => openDoor(join(folder, name)),
    close: async () => {
      for (const agent of started) agent.child.kill('SIGTERM');
      await Promise.all(started.map(({ exit }) => exit));
      await router.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A rig that is closed when the test has ended. */
export async function useAgentRig(): Promise<AgentRig> {
  const rig = await openAgentRig();
  onTestFinished(rig.close, CLOSE_MS);
  return rig;
}

/** The result of an attempt, as soon as the router has it. */
export const resultOf = ({ router }: AgentRig, { execution_id }: WorkOrder) =>
  router.until(() => router.of('result').find(({ body }) => body.execution_id === execution_id)?.body);
