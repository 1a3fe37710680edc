import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toolAlias, type ToolDefinition } from '@xem/protocol';
import { hostFault, hostsOf } from '../provider/http/hosts.ts';
import type { ProviderContext } from '../provider/provider.ts';
import { createMask, type Mask } from '../run/mask.ts';
import { BundleError, type BundleProblem } from './bundle-error.ts';
import { BundleFile } from './bundle-file.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import { createCompiler, type SchemaCompiler } from './parameters.ts';
import { loadTool } from './load-tool.ts';
import type { RunnableTool } from './tool.ts';
import { parseYaml, type FieldProblem } from './yaml-file.ts';

/** The tools of this host as its bundles describe them. */
export interface Bundles {
  /** The manifest's `tools`, by name. */
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

function loadBundle({ options, ctx, credentials, compile, problems }: Loading, bundle: string): Loaded[] {
  const folder = resolve(options.toolsDir, bundle);
  const file = join(folder, FILE_NAME);
  const text = readText(file);
  if (text === null) return [];
  const read = parseYaml(file, text, BundleFile);
  if (!read.ok) {
    problems.push(...read.problems);
    return [];
  }
  const report = (problem: FieldProblem): void => void problems.push(read.locate(problem));
  const { hosts: entries } = read.value;
  for (const [index, entry] of entries.entries()) {
    const message = hostFault(entry);
    if (message) report({ at: ['hosts', index], message });
  }
  const hosts = hostsOf(entries);
  const words = { node: options.node, bundle: folder, files: resolve(options.filesDir) };
  const outputBytesMax = options.outputBytesMax ?? OUTPUT_BYTES_MAX;
  const scope = { ctx, credentials, compile, words, bundle, hosts, outputBytesMax, report };
  return read.value.tools.flatMap((spec, index) => {
    const at = ['tools', index];
    const tool = loadTool(scope, { spec, at });
    const locate: Loaded['locate'] = (field, message) => read.locate({ at: [...at, field], message });
    return tool ? [{ tool, locate }] : [];
  });
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
      field: '',
      message: 'this folder of bundles cannot be read',
    });
    return [];
  }
}

/** Reads every bundle of `toolsDir` and all credentials. @throws BundleError that holds every problem found */
export function loadBundles(options: BundleOptions): Bundles {
  const credentials = readCredentials(options.credentialsDir);
  const { runner, clock, log, env, toolsChanged } = options;
  const secrets = options.secrets ?? new Set();
  for (const value of credentials.values) secrets.add(value);
  const mask = createMask(secrets);
  const problems = [...credentials.problems];
  const ctx = { runner, clock, log, env, mask, toolsChanged };
  const loading: Loading = { options, ctx, credentials, compile: createCompiler(), problems };
  const loaded = listFolders(options.toolsDir, problems).flatMap((name) => loadBundle(loading, name));
  problems.push(...findClashes(loaded));
  if (problems.length > 0) throw new BundleError(problems);
  const tools = new Map(loaded.map(({ tool }) => [tool.definition.name, tool]));
  const definitions = [...tools.values()].map(({ definition }) => definition);
  return {
    tools: definitions.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    find: (name) => tools.get(name),
    mask,
  };
}
