import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toolAlias, type ToolDefinition } from '@xem/protocol';
import { hostFault, hostsOf, type Hosts } from '../provider/http/hosts.ts';
import type { ProviderContext } from '../provider/provider.ts';
import { createMask, type Mask } from '../run/mask.ts';
import { resolveProgram } from '../run/resolve-program.ts';
import { BundleError, type BundleProblem } from './bundle-error.ts';
import { BundleFile } from './bundle-file.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import { createCompiler, type SchemaCompiler } from './parameters.ts';
import { loadServer, type ServedTools } from './load-server.ts';
import { loadTool, type ToolScope } from './load-tool.ts';
import { mergeTools } from './merge.ts';
import type { RunnableTool } from './tool.ts';
import { parseYaml, type FieldProblem } from './yaml-file.ts';

/** The tools of this host as its bundles describe them, and their servers have them at this moment. */
export interface Bundles {
  /** The manifest's `tools`, by name; others after each `toolsChanged`. */
  readonly tools: readonly ToolDefinition[];
  find(name: string): RunnableTool | undefined;
  /** Covers every secret of the credentials: what a run that is found again must be read with. */
  readonly mask: Mask;
}

/** Where bundles are, and what their tools run with. */
export interface BundleOptions extends Omit<ProviderContext, 'mask'> {
  readonly toolsDir: string;
  readonly credentialsDir: string;
  /** What `{files}` stands for: the folder of the file tools. */
  readonly filesDir: string;
  /** What `{node}` stands for: the program that runs scripts of bundles. */
  readonly node: string;
  /** Values that were secrets before and stay masked; those of the credentials are added. */
  readonly secrets?: Set<string>;
  /** No tool may keep more of a stream; 2 GiB by default. */
  readonly outputBytesMax?: number;
}

interface Loading {
  readonly options: BundleOptions;
  readonly ctx: ProviderContext;
  readonly credentials: Credentials;
  readonly compile: SchemaCompiler;
  readonly problems: BundleProblem[];
}

/** A tool, and how to speak of it. */
interface Loaded {
  readonly tool: RunnableTool;
  readonly locate: (field: string, message: string) => BundleProblem;
}

const OUTPUT_BYTES_MAX = 2 * 1024 ** 3;

const FILE_NAME = 'bundle.yaml';

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** What a bundle came to. */
interface LoadedBundle {
  readonly tools: readonly Loaded[];
  readonly served: readonly ServedTools[];
}

const NOTHING: LoadedBundle = { tools: [], served: [] };

function readHosts(entries: readonly string[], report: (problem: FieldProblem) => void): Hosts {
  for (const [index, entry] of entries.entries()) {
    const message = hostFault(entry);
    if (message) report({ at: ['hosts', index], message });
  }
  return hostsOf(entries);
}

/** Tools whose programs this host has not are not published; their bundle is checked all the same. */
function lacks({ env, log }: ProviderContext, bundle: string, { requires }: BundleFile): boolean {
  const missing = requires.filter((program) => resolveProgram(program, env['PATH']) === null);
  if (missing.length > 0) log.info('bundle.left_out', { bundle, missing });
  return missing.length > 0;
}

function loadBundle(loading: Loading, bundle: string): LoadedBundle {
  const { options, ctx, credentials, compile, problems } = loading;
  const folder = resolve(options.toolsDir, bundle);
  const file = join(folder, FILE_NAME);
  const text = readText(file);
  if (text === null) return NOTHING;
  const read = parseYaml(file, text, BundleFile);
  if (!read.ok) {
    problems.push(...read.problems);
    return NOTHING;
  }
  const { tools = [], mcp_server: server } = read.value;
  const report = (problem: FieldProblem): void => void problems.push(read.locate(problem));
  const scope: ToolScope = {
    ctx,
    credentials,
    compile,
    words: { node: options.node, bundle: folder, files: resolve(options.filesDir) },
    bundle,
    hosts: readHosts(read.value.hosts, report),
    outputBytesMax: options.outputBytesMax ?? OUTPUT_BYTES_MAX,
    report,
  };
  const loaded = tools.flatMap((spec, index): Loaded[] => {
    const at = ['tools', index];
    const tool = loadTool(scope, { spec, at });
    const locate: Loaded['locate'] = (field, message) => read.locate({ at: [...at, field], message });
    return tool ? [{ tool, locate }] : [];
  });
  const served = server && loadServer(scope, server);
  if (lacks(ctx, bundle, read.value)) return NOTHING;
  return { tools: loaded, served: served ? [served] : [] };
}

/** Two tools may not share a name, nor the alias that models see. */
function findClashes(loaded: readonly Loaded[]): BundleProblem[] {
  const names = new Map<string, string>();
  const aliases = new Map<string, string>();
  const problems: BundleProblem[] = [];
  for (const { tool, locate } of loaded) {
    const { definition, bundle } = tool;
    const alias = toolAlias(definition);
    const sameName = names.get(definition.name);
    const sameAlias = aliases.get(alias);
    if (sameName) problems.push(locate('name', `bundle "${sameName}" has a tool of this name too`));
    else if (sameAlias) problems.push(locate('mcp', `tool "${sameAlias}" has the alias "${alias}" too`));
    names.set(definition.name, bundle);
    aliases.set(alias, definition.name);
  }
  return problems;
}

function listFolders(toolsDir: string, problems: BundleProblem[]): string[] {
  try {
    return readdirSync(toolsDir).toSorted();
  } catch {
    problems.push({
      file: toolsDir,
      line: null,
      field: 'tools_dir',
      message: 'this folder of bundles cannot be read; make it, or name another',
    });
    return [];
  }
}

/** Reads every bundle of `toolsDir` and all credentials, and starts their servers. @throws BundleError that holds every problem found */
export function loadBundles(options: BundleOptions): Bundles {
  const credentials = readCredentials(options.credentialsDir);
  const { runner, servers, clock, log, env, toolsChanged } = options;
  const secrets = options.secrets ?? new Set();
  for (const value of credentials.values) secrets.add(value);
  const mask = createMask(secrets);
  const problems = [...credentials.problems];
  const ctx = { runner, servers, clock, log, env, mask, toolsChanged };
  const loading: Loading = { options, ctx, credentials, compile: createCompiler(), problems };
  const bundles = listFolders(options.toolsDir, problems).map((name) => loadBundle(loading, name));
  const loaded = bundles.flatMap(({ tools }) => tools);
  problems.push(...findClashes(loaded));
  if (problems.length > 0) throw new BundleError(problems);
  const served = bundles.flatMap((bundle) => bundle.served);
  const declared = loaded.map(({ tool }) => tool);
  let current = mergeTools(ctx, declared, served);
  for (const { server } of served) {
    server.onTools(() => {
      current = mergeTools(ctx, declared, served);
      toolsChanged();
    });
  }
  servers.keep(served.map(({ server }) => server));
  return {
    get tools() {
      return current.definitions;
    },
    find: (name) => current.tools.get(name),
    mask,
  };
}
