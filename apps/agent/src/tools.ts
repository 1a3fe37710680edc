import { join } from 'node:path';
import { readManifest } from '@xem/protocol';
import type { Log } from '@xem/runtime';
import { BootError } from './boot/boot-error.ts';
import { AGENT_VERSION } from './boot/version.ts';
import { BundleError } from './bundle/bundle-error.ts';
import type { ToolHost } from './dispatch/tool-host.ts';
import { openStateFolder } from './journal/lock.ts';
import { createMcpServers } from './provider/mcp/servers.ts';
import { createRunner } from './run/runner.ts';
import {
  filesDirOf,
  prepareCall,
  readTools,
  viewOf,
  type ToolReading,
  type ToolSet,
  type ToolsContext,
} from './tool-set.ts';

/** The tools of this host. */
export interface Tools {
  readonly host: ToolHost;
  /**
   * Reads bundles, credentials and the policy again. Calls in progress keep what they began with. When anything is wrong all of
   * it is logged, and everything stands as it was.
   */
  reload(): void;
  /** Resolves once every MCP server has listed its tools, or failed to, or the time is over. In milliseconds. */
  settle(timeoutMs: number): Promise<void>;
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
    // Whatever it is: the agent has tools that work, and runs to look after.
    if (!(err instanceof BundleError)) reading.log.error('tools.reload_failed', { err });
    for (const { message: why, ...place } of err instanceof BundleError ? err.problems : []) {
      reading.log.error('tools.reload_refused', { ...place, why });
    }
    return null;
  }
}

/** A rule for a tool that is not there may be one with a name that was mistyped, and protects nothing. */
function warnOfIdleRules({ policy, bundles }: ToolSet, log: Log): void {
  const rules = policy.idleRules(bundles.tools.map(({ name }) => name));
  if (rules.length > 0) log.warn('policy.rules_without_tools', { rules });
}

/**
 * Reads the bundles and opens the spool. @throws BootError `bundle_invalid` with every problem found,
 * `state_unwritable`
 */
export function openTools(ctx: ToolsContext): Tools {
  const { settings, clock, log } = ctx;
  const spoolDir = join(settings.state_dir, 'spool');
  openStateFolder(spoolDir);
  openStateFolder(filesDirOf(settings));
  const runner = createRunner({ spoolDir, clock, log });
  const servers = createMcpServers({ clock, log, version: AGENT_VERSION });
  const told: (() => void)[] = [];
  const take = (tools: ToolSet): void => {
    current = tools;
    log.info('tools.changed', { tools: tools.table.size });
    for (const tell of told) tell();
  };
  const toolsChanged = (): void => take({ ...current, ...viewOf(current) });
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
    credentialsRef: (workspaceId) => current.refs.find(workspaceId),
    prepare: (call) => prepareCall(current, ctx, call),
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
    if (read === null) return;
    take(read);
    warnOfIdleRules(read, log);
  };
  const settle = async (timeoutMs: number): Promise<void> => {
    const timeUp = Promise.withResolvers<void>();
    const cancel = clock.after(timeoutMs, timeUp.resolve);
    await Promise.race([servers.settled(), timeUp.promise]);
    cancel();
    warnOfIdleRules(current, log);
  };
  return { host, reload, settle };
}
