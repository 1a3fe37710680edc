import { join } from 'node:path';
import { ExecError } from '@xem/errors';
import type { Clock, Log } from '@xem/runtime';
import { BundleError, type BundleProblem } from './bundle/bundle-error.ts';
import { readCredentialsRefs, type CredentialsRefs } from './bundle/credentials-refs.ts';
import { loadBundles, type Bundles } from './bundle/load.ts';
import type { ToolCall as BundleCall } from './bundle/tool.ts';
import type { OwnTool, ToolCall } from './dispatch/tool-host.ts';
import type { HostPolicy } from './policy/policy.ts';
import { readPolicy } from './policy/read-policy.ts';
import type { McpServers } from './provider/mcp/servers.ts';
import type { Runner } from './run/runner.ts';
import type { AgentSettings } from './settings.ts';

/** What tools are made with. */
export interface ToolsContext {
  readonly settings: AgentSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** The agent's environment; a tool sees only what its bundle names of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The folder that `{files}` stands for. */
export const filesDirOf = ({ state_dir }: AgentSettings): string => join(state_dir, 'files');

/** What is read at the start and at each reload. */
export interface ToolSet {
  readonly bundles: Bundles;
  readonly refs: CredentialsRefs;
  readonly policy: HostPolicy;
  readonly table: ReadonlyMap<string, OwnTool>;
  readonly providers: readonly string[];
}

/** What others see of the bundles at this moment: a tool that the policy never lets run is none. */
export function viewOf({
  bundles,
  policy,
}: Pick<ToolSet, 'bundles' | 'policy'>): Pick<ToolSet, 'table' | 'providers'> {
  const found = bundles.tools
    .filter(({ name }) => policy.allowsEver(name))
    .flatMap(({ name }) => bundles.find(name) ?? []);
  const table = found.map(({ definition, digest, provider }): [string, OwnTool] => [
    definition.name,
    { definition, digest, isResident: provider === 'builtin' },
  ]);
  const providers = new Set(found.map(({ provider }) => provider));
  return { table: new Map(table), providers: [...providers].toSorted() };
}

/** Prepares a call as the tools and the policy are now. @throws agent_refused */
export function prepareCall({ bundles, refs, policy }: ToolSet, { clock }: ToolsContext, call: ToolCall) {
  const { tool, workspaceId, args: given } = call;
  const found = bundles.find(tool);
  if (!found) throw new Error(`${tool} is not a tool of this host`);
  const judge: BundleCall['judge'] = (args) => {
    const refusal = policy.refusal({ tool, workspaceId, args }, clock.now());
    if (refusal !== null) throw new ExecError('agent_refused', refusal);
  };
  const start = found.prepare({ args: given, credentialsRef: refs.find(workspaceId), judge });
  const { key, invocationId, timeoutMs, traceparent } = call;
  return () => start({ key, invocationId, timeoutMs, traceparent });
}

/** What tools are read with. */
export interface ToolReading extends ToolsContext {
  readonly runner: Runner;
  readonly servers: McpServers;
  /** Every value that was ever a secret of this process. */
  readonly secrets: Set<string>;
  toolsChanged(): void;
}

/** Problems of the bundles beside these; they are all told at once. @throws BundleError */
function readBundles(reading: ToolReading, problems: readonly BundleProblem[]): Bundles {
  const { settings } = reading;
  try {
    return loadBundles({
      ...reading,
      toolsDir: settings.tools_dir,
      credentialsDir: settings.credentials_dir,
      filesDir: filesDirOf(settings),
      node: process.execPath,
    });
  } catch (err) {
    throw err instanceof BundleError ? new BundleError([...problems, ...err.problems]) : err;
  }
}

/** Reads the policy, the credentials and the bundles. @throws BundleError with every problem of all of them */
export function readTools(reading: ToolReading): ToolSet {
  const { settings } = reading;
  const { policy, problems } = readPolicy(settings.policy_path);
  const refs = readCredentialsRefs(settings.credentials_dir);
  const wrong = [...problems, ...refs.problems];
  const bundles = readBundles(reading, wrong);
  if (wrong.length > 0) throw new BundleError(wrong);
  return { bundles, refs, policy, ...viewOf({ bundles, policy }) };
}
