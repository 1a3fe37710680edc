import { resolve } from 'node:path';
import { builtinProvider } from '../provider/builtin.ts';
import { BUILTINS } from '../provider/builtin/table.ts';
import { commandProvider } from '../provider/command.ts';
import { compileRequest, httpProvider } from '../provider/http.ts';
import type { Hosts } from '../provider/http/hosts.ts';
import type { Provider, ProviderContext } from '../provider/provider.ts';
import { compileTemplate, fillWords, type TemplateWords } from '../provider/template.ts';
import type { BuiltinSpec, CommandSpec, HttpSpec, ToolSpec } from './bundle-file.ts';
import type { Credentials } from './credentials.ts';
import { declaredArgs, type ArgumentRules, type SchemaCompiler } from './parameters.ts';
import { createTool, type RunnableTool } from './tool.ts';
import type { FieldProblem } from './yaml-file.ts';

/** What the tools of one bundle share while they are loaded. */
export interface ToolScope {
  readonly ctx: ProviderContext;
  readonly credentials: Credentials;
  readonly words: TemplateWords;
  readonly compile: SchemaCompiler;
  readonly bundle: string;
  /** The servers its `http` tools may ask. */
  readonly hosts: Hosts;
  readonly outputBytesMax: number;
  report(problem: FieldProblem): void;
}

type Path = FieldProblem['at'];

/** A tool of the file and where it stands there. */
interface Entry {
  readonly spec: ToolSpec;
  readonly at: Path;
}

function loadRules(scope: ToolScope, { spec, at }: Entry): ArgumentRules | null {
  const compiled = scope.compile(spec.parameters);
  if (compiled.ok) return compiled.rules;
  const { pointer, message } = compiled.fault;
  const place = pointer.map((part) => `/${part}`).join('');
  const says = `tool "${spec.name}": its schema cannot be used at "${place}": ${message}`;
  scope.report({ at: [...at, 'parameters', ...pointer], message: says });
  return null;
}

function loadCommand(scope: ToolScope, { spec, at }: Entry, command: CommandSpec): Provider | null {
  const { all: declared, sure } = declaredArgs(spec.parameters);
  const strange = command.dash_args.findIndex((name) => !declared.has(name));
  if (strange >= 0) {
    const message = `${command.dash_args[strange]} is no argument that \`parameters\` declares`;
    scope.report({ at: [...at, 'command', 'dash_args', strange], message });
  }
  const rules = { words: scope.words, declared, sure, dashArgs: new Set(command.dash_args) };
  const template = compileTemplate(command.run, rules);
  if (typeof template === 'function') return commandProvider(scope.ctx, command, template);
  for (const fault of template) {
    scope.report({ at: [...at, 'command', 'run', ...fault.at], message: fault.message });
  }
  return null;
}

function loadHttp(scope: ToolScope, { spec, at }: Entry, http: HttpSpec): Provider | null {
  const { all: declared, sure } = declaredArgs(spec.parameters);
  const { hosts } = scope;
  const template = compileRequest(http, { declared, sure, hosts });
  if (typeof template === 'function') return httpProvider(scope.ctx, http, { template, hosts });
  for (const fault of template) {
    scope.report({ at: [...at, 'http', ...fault.at], message: fault.message });
  }
  return null;
}

function loadBuiltin(scope: ToolScope, at: Path, { name, root }: BuiltinSpec): Provider | null {
  const builtin = BUILTINS.get(name);
  if (builtin) return builtinProvider(scope.ctx, builtin, resolve(fillWords(root, scope.words)));
  const message = `there is no builtin "${name}"; there are ${[...BUILTINS.keys()].join(', ')}`;
  scope.report({ at: [...at, 'builtin', 'name'], message });
  return null;
}

function loadProvider(scope: ToolScope, entry: Entry): Provider | null {
  const { command, http, builtin } = entry.spec;
  if (command) return loadCommand(scope, entry, command);
  if (http) return loadHttp(scope, entry, http);
  return builtin ? loadBuiltin(scope, entry.at, builtin) : null;
}

function kindOf({ command, http }: ToolSpec): RunnableTool['provider'] {
  if (command) return 'command';
  return http ? 'http' : 'builtin';
}

/** Makes a tool of what its bundle says; null after it reported what is wrong. */
export function loadTool(scope: ToolScope, entry: Entry): RunnableTool | null {
  const { command: _, http: __, builtin: ___, ...definition } = entry.spec;
  const { credentials, bundle } = scope;
  if (definition.output.max_bytes > scope.outputBytesMax) {
    const message = `must be at most ${scope.outputBytesMax}, the agent's own limit`;
    scope.report({ at: [...entry.at, 'output', 'max_bytes'], message });
  }
  const rules = loadRules(scope, entry);
  const run = loadProvider(scope, entry);
  if (!rules || !run) return null;
  return createTool({
    definition,
    bundle,
    provider: kindOf(entry.spec),
    rules,
    credentials,
    run,
  });
}
