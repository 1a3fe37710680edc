import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspaceId } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import { BootError } from './boot/boot-error.ts';
import { BundleError } from './bundle/bundle-error.ts';
import { loadBundles, type Bundles } from './bundle/load.ts';
import type { OwnTool, ToolCall, ToolHost } from './dispatch/tool-host.ts';
import { createRunner, type Runner } from './run/runner.ts';
import type { AgentSettings } from './settings.ts';

interface ToolsContext {
  readonly settings: AgentSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** The agent's environment; a tool sees only what its bundle names of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The tools of this host, and which kinds of providers they use. */
export interface Tools {
  readonly host: ToolHost;
  readonly providers: readonly string[];
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

function readBundles({ settings, clock, log, env }: ToolsContext, runner: Runner): Bundles {
  const { tools_dir: toolsDir, credentials_dir: credentialsDir, state_dir } = settings;
  const filesDir = join(state_dir, 'files');
  try {
    return loadBundles({
      runner,
      clock,
      log,
      env,
      toolsDir,
      credentialsDir,
      filesDir,
      node: process.execPath,
    });
  } catch (err) {
    if (err instanceof BundleError) throw new BootError('bundle_invalid', err.message, { cause: err });
    throw err;
  }
}

function tableOf(bundles: Bundles): ReadonlyMap<string, OwnTool> {
  const found = bundles.tools.flatMap(({ name }) => bundles.find(name) ?? []);
  return new Map(
    found.map(({ definition, digest, provider }) => [
      definition.name,
      { definition, digest, isResident: provider === 'builtin' },
    ]),
  );
}

function prepareCall(bundles: Bundles, findRef: FindRef, call: ToolCall) {
  const tool = bundles.find(call.tool);
  if (!tool) throw new Error(`${call.tool} is not a tool of this host`);
  const credentialsRef = findRef(call.workspaceId);
  const start = tool.prepare({ args: call.args, credentialsRef });
  const { key, invocationId, timeoutMs, traceparent } = call;
  return () => start({ key, invocationId, timeoutMs, traceparent });
}

/** Reads the bundles and opens the spool. @throws BootError `bundle_invalid` with every problem found */
export function openTools(ctx: ToolsContext): Tools {
  const { settings, clock, log } = ctx;
  const runner = createRunner({ spoolDir: join(settings.state_dir, 'spool'), clock, log });
  const bundles = readBundles(ctx, runner);
  const findRef = refFinder(settings.credentials_dir);
  const kinds = bundles.tools.map(({ name }) => bundles.find(name)?.provider ?? 'command');
  const host: ToolHost = {
    tools: tableOf(bundles),
    prepare: (call) => prepareCall(bundles, findRef, call),
    reattach: (key) => runner.reattach(key, bundles.mask),
    list: () => runner.list(),
    remove: (key) => runner.remove(key),
    close: () => runner.close(),
  };
  return { host, providers: [...new Set(kinds)].toSorted() };
}
