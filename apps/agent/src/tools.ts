import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest, type WorkspaceId } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import { BootError } from './boot/boot-error.ts';
import { AGENT_VERSION } from './boot/version.ts';
import { BundleError } from './bundle/bundle-error.ts';
import { loadBundles, type Bundles } from './bundle/load.ts';
import type { OwnTool, ToolCall, ToolHost } from './dispatch/tool-host.ts';
import { openStateFolder } from './journal/lock.ts';
import { createMcpServers, type McpServers } from './provider/mcp/servers.ts';
import { createRunner, type Runner } from './run/runner.ts';
import type { AgentSettings } from './settings.ts';

interface ToolsContext {
  readonly settings: AgentSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** The agent's environment; a tool sees only what its bundle names of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The tools of this host. */
export interface Tools {
  readonly host: ToolHost;
  /**
   * Reads bundles and credentials again. Calls in progress keep what they began with. When anything is wrong all of
   * it is logged, and everything stands as it was.
   */
  reload(): void;
  /** Resolves once every MCP server has listed its tools, or failed to, or the time is over. In milliseconds. */
  settle(timeoutMs: number): Promise<void>;
}

/** Credentials of workspaces that have none of their own. */
const DEFAULT_REF = 'default';

type FindRef = (workspaceId: WorkspaceId) => string | null;

/** The credentials of a workspace: the file of its id, else the file `default`, else none. */
function refFinder(credentialsDir: string): FindRef {
  const known = new Map<WorkspaceId, string | null>();
  const look = (workspaceId: WorkspaceId): string | null =>
    [workspaceId, DEFAULT_REF].find((ref) => existsSync(join(credentialsDir, ref))) ?? null;
  return (workspaceId) => {
    const ref = known.has(workspaceId) ? known.get(workspaceId) : look(workspaceId);
    known.set(workspaceId, ref ?? null);
    return ref ?? null;
  };
}

/** What is read at the start and at each reload. */
interface ToolSet {
  readonly bundles: Bundles;
  readonly findRef: FindRef;
  readonly table: ReadonlyMap<string, OwnTool>;
  readonly providers: readonly string[];
}

/** What of the bundles others see, as it is at this moment. */
function viewOf(bundles: Bundles): Pick<ToolSet, 'table' | 'providers'> {
  const found = bundles.tools.flatMap(({ name }) => bundles.find(name) ?? []);
  const table = found.map(({ definition, digest, provider }): [string, OwnTool] => [
    definition.name,
    { definition, digest, isResident: provider === 'builtin' },
  ]);
  const providers = new Set(found.map(({ provider }) => provider));
  return { table: new Map(table), providers: [...providers].toSorted() };
}

function prepareCall({ bundles, findRef }: ToolSet, call: ToolCall) {
  const tool = bundles.find(call.tool);
  if (!tool) throw new Error(`${call.tool} is not a tool of this host`);
  const credentialsRef = findRef(call.workspaceId);
  const start = tool.prepare({ args: call.args, credentialsRef });
  const { key, invocationId, timeoutMs, traceparent } = call;
  return () => start({ key, invocationId, timeoutMs, traceparent });
}

interface ToolReading extends ToolsContext {
  readonly runner: Runner;
  readonly servers: McpServers;
  /** Every value that was ever a secret of this process. */
  readonly secrets: Set<string>;
  toolsChanged(): void;
}

function readTools(reading: ToolReading): ToolSet {
  const { settings } = reading;
  const bundles = loadBundles({
    ...reading,
    toolsDir: settings.tools_dir,
    credentialsDir: settings.credentials_dir,
    filesDir: join(settings.state_dir, 'files'),
    node: process.execPath,
  });
  return { bundles, findRef: refFinder(settings.credentials_dir), ...viewOf(bundles) };
}

function readAtStart(reading: ToolReading): ToolSet {
  try {
    return readTools(reading);
  } catch (err) {
    if (err instanceof BundleError) throw new BootError('bundle_invalid', err.message, { cause: err });
    throw err;
  }
}

/** What a router would say no to stands no chance, and the tools there are would go with it. */
function isPublishable({ table }: ToolSet, log: Log): boolean {
  const tools = [...table.values()].map(({ definition }) => definition);
  const read = readManifest({ manifest_version: 1, workspaces: [], tools });
  if (!('fault' in read)) return true;
  const { message: why, pointer } = read.fault;
  log.error('tools.reload_refused', { code: 'exec_manifest_invalid', why, pointer });
  return false;
}

function readAgain(reading: ToolReading): ToolSet | null {
  try {
    const tools = readTools(reading);
    return isPublishable(tools, reading.log) ? tools : null;
  } catch (err) {
    if (!(err instanceof BundleError)) throw err;
    for (const { message: why, ...place } of err.problems) {
      reading.log.error('tools.reload_refused', { ...place, why });
    }
    return null;
  }
}

/**
 * Reads the bundles and opens the spool. @throws BootError `bundle_invalid` with every problem found,
 * `state_unwritable`
 */
export function openTools(ctx: ToolsContext): Tools {
  const { settings, clock, log } = ctx;
  const spoolDir = join(settings.state_dir, 'spool');
  openStateFolder(spoolDir);
  const runner = createRunner({ spoolDir, clock, log });
  const servers = createMcpServers({ clock, log, version: AGENT_VERSION });
  const told: (() => void)[] = [];
  const take = (tools: ToolSet): void => {
    current = tools;
    log.info('tools.changed', { tools: tools.table.size });
    for (const tell of told) tell();
  };
  const toolsChanged = (): void => take({ ...current, ...viewOf(current.bundles) });
  const reading = { ...ctx, runner, servers, secrets: new Set<string>(), toolsChanged };
  let current = readAtStart(reading);
  const host: ToolHost = {
    get tools() {
      return current.table;
    },
    get providers() {
      return current.providers;
    },
    onChange: (tell) => void told.push(tell),
    prepare: (call) => prepareCall(current, call),
    reattach: (key) => runner.reattach(key, current.bundles.mask),
    list: () => runner.list(),
    remove: (key) => runner.remove(key),
    close: () => {
      runner.close();
      servers.close();
    },
  };
  const reload = (): void => {
    const read = readAgain(reading);
    if (read) take(read);
  };
  const settle = async (timeoutMs: number): Promise<void> => {
    const timeUp = Promise.withResolvers<void>();
    const cancel = clock.after(timeoutMs, timeUp.resolve);
    await Promise.race([servers.settled(), timeUp.promise]);
    cancel();
  };
  return { host, reload, settle };
}
