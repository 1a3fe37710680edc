import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvocationId } from '@xem/protocol';
import { recordingLog, type LoggedLine } from '@xem/runtime/testing';
import type { Bundles } from '../bundle/load.ts';
import type { Run } from '../run/run.ts';
import { openBundleRig, type BundleRig } from './bundle-rig.ts';

const SCRIPTED = fileURLToPath(new URL('mcp/scripted-server.mjs', import.meta.url));

/** The npm servers that tests speak with. */
export const FILESYSTEM_SERVER = fileURLToPath(
  import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
);
export const EVERYTHING_SERVER = fileURLToPath(
  import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
);

const INVOCATION_ID = InvocationId.parse('01930000-0000-7000-8000-000000000001');

/** What a test of the tools of MCP servers needs. */
export interface McpRig {
  readonly bundles: BundleRig;
  /** What the agent logged. */
  readonly lines: readonly LoggedLine[];
  /** The folder that tells the scripted server what to do. */
  readonly script: string;
  /** The first line under `mcp_server` for the scripted server. */
  readonly scripted: string;
  /** Lets the scripted server list these tools, without or with more than a name. */
  list(...tools: readonly (string | Record<string, unknown>)[]): void;
  flag(name: string, isSet: boolean): void;
  /** What the scripted server was asked. */
  asked(): readonly string[];
  /** Loads a bundle `files` with these lines under `mcp_server`, and waits until its server was tried. */
  serve(...lines: readonly string[]): Promise<Bundles>;
  /** Resolves when the tools are others the next time. */
  changed(): Promise<void>;
  /** Loads the bundles as they are now. */
  load(): Bundles;
  start(bundles: Bundles, tool: string, args?: Record<string, unknown>): Run;
  close(): Promise<void>;
}

export function openMcpRig(): McpRig {
  const bundles = openBundleRig();
  const script = `${bundles.folder}/script`;
  const log = recordingLog();
  mkdirSync(script);
  writeFileSync(`${script}/tools.json`, '[]');
  let change = Promise.withResolvers<void>();
  const toolsChanged = (): void => {
    change.resolve();
    change = Promise.withResolvers();
  };
  const load = (): Bundles => bundles.load({ toolsChanged, log, servers: bundles.serversWith(log) });
  return {
    bundles,
    lines: log.lines,
    script,
    scripted: `run: ["{node}", "${SCRIPTED}", "${script}"]`,
    list: (...tools) => {
      const listed = tools.map((tool) => {
        const fields = typeof tool === 'string' ? { name: tool } : tool;
        return Object.assign({ inputSchema: { type: 'object' } }, fields);
      });
      writeFileSync(`${script}/tools.json`, JSON.stringify(listed));
    },
    flag: (name, isSet) => {
      if (isSet) appendFileSync(`${script}/${name}`, '');
      else rmSync(`${script}/${name}`, { force: true });
    },
    asked: () =>
      existsSync(`${script}/log`) ? readFileSync(`${script}/log`, 'utf8').trim().split('\n') : [],
    serve: async (...lines) => {
      bundles.write('files', ['mcp_server:', ...lines.map((line) => `  ${line}`), ''].join('\n'));
      const loaded = load();
      await bundles.serversWith(log).settled();
      return loaded;
    },
    changed: () => change.promise,
    load,
    start: (loaded, tool, args = {}) => {
      const begin = loaded.find(tool)?.prepare({ args, credentialsRef: null });
      if (!begin) throw new Error(`there is no tool ${tool}`);
      return begin({ key: bundles.runs.newKey(), invocationId: INVOCATION_ID, timeoutMs: 60_000 });
    },
    close: () => bundles.close(),
  };
}
