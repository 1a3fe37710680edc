import type { Launch } from '../provider/mcp/connection.ts';
import type { McpServer } from '../provider/mcp/server.ts';
import { shapeTool, type ServerTool } from '../provider/mcp/shape-tool.ts';
import { compileHeaders } from '../provider/http/headers.ts';
import { allowedVariables } from '../provider/environment.ts';
import { mcpProvider } from '../provider/mcp.ts';
import { fillWords } from '../provider/template.ts';
import type { McpServerSpec } from './bundle-file.ts';
import type { ToolScope } from './load-tool.ts';
import { createTool, type RunnableTool } from './tool.ts';
import type { FieldProblem } from './yaml-file.ts';

/** The server of a bundle, and what it has become here. */
export interface ServedTools {
  readonly server: McpServer;
  /** Its tools as they are now. */
  tools(): readonly RunnableTool[];
}

type Variables = Readonly<Record<string, string>>;

const NO_ARGUMENTS = { declared: new Set<string>(), sure: new Set<string>() };

function reporter(scope: ToolScope): (field: FieldProblem['at'], message: string) => null {
  return (field, message) => {
    scope.report({ at: ['mcp_server', ...field], message });
    return null;
  };
}

function findCredentials(scope: ToolScope, { credentials_ref: ref }: McpServerSpec): Variables | null {
  if (ref === undefined) return {};
  const found = scope.credentials.find(ref);
  return found ?? reporter(scope)(['credentials_ref'], `this host has no credentials "${ref}"`);
}

/** The headers of each request, with the credentials in their places. */
function fillHeaders(scope: ToolScope, { headers }: McpServerSpec, credentials: Variables): Variables | null {
  const report = reporter(scope);
  const template = compileHeaders(headers, NO_ARGUMENTS);
  if (typeof template !== 'function') {
    for (const { at, message } of template) report(at, message);
    return null;
  }
  try {
    return Object.fromEntries(template({ args: {}, credentials }).map(({ name, value }) => [name, value]));
  } catch (err) {
    return report(['headers'], err instanceof Error ? err.message : String(err));
  }
}

function launchOf(scope: ToolScope, spec: McpServerSpec): Launch | null {
  const { words, ctx } = scope;
  const credentials = findCredentials(scope, spec);
  const headers = fillHeaders(scope, spec, credentials ?? {});
  if (!credentials || !headers) return null;
  if (spec.url !== undefined) return { kind: 'http', url: spec.url, headers };
  const argv = (spec.run ?? []).map((word) => fillWords(word, words));
  const env = { ...allowedVariables(ctx, spec.env), ...credentials };
  return { kind: 'stdio', argv, env, cwd: words['bundle'] ?? '/' };
}

/** Makes a tool of one that the server lists; null, after a line in the log, when that cannot be. */
function serve(scope: ToolScope, spec: McpServerSpec, server: McpServer) {
  const { ctx, bundle, compile, credentials } = scope;
  return (tool: ServerTool): RunnableTool | null => {
    if (spec.only && !spec.only.includes(tool.name)) return null;
    const shaped = shapeTool(tool, { spec, bundle, compile });
    if (!shaped.ok) {
      ctx.log.warn('mcp.tool_left_out', { bundle, tool: tool.name, why: shaped.why });
      return null;
    }
    const { definition, rules } = shaped;
    const isSafe = definition.risk === 'read';
    const run = mcpProvider(ctx, server, {
      name: tool.name,
      isStructured: tool.outputSchema !== undefined,
      isSafe,
    });
    return createTool({ definition, bundle, provider: 'mcp', rules, credentials, run });
  };
}

/**
 * Leaves out tools of one server whose names come to the same: which of them a call or a risk of the bundle means cannot
 * be known, and the order of a list must not decide it.
 */
function withoutTwins({ ctx, bundle }: ToolScope, tools: readonly RunnableTool[]): readonly RunnableTool[] {
  const counts = new Map<string, number>();
  for (const { definition } of tools) counts.set(definition.name, (counts.get(definition.name) ?? 0) + 1);
  const twins = [...counts].flatMap(([name, count]) => (count > 1 ? name : []));
  for (const name of twins) {
    ctx.log.warn('mcp.tool_left_out', {
      bundle,
      tool: name,
      why: 'several tools of the server come to this name',
    });
  }
  return tools.filter(({ definition }) => !twins.includes(definition.name));
}

/** Makes tools of what the server of a bundle lists; null after it reported what is wrong. */
export function loadServer(scope: ToolScope, spec: McpServerSpec): ServedTools | null {
  const { ctx, bundle } = scope;
  const launch = launchOf(scope, spec);
  if (!launch) return null;
  const server = ctx.servers.find({ bundle, launch, mask: ctx.mask });
  const serveTool = serve(scope, spec, server);
  let listed: readonly ServerTool[] = [];
  let tools: readonly RunnableTool[] = [];
  return {
    server,
    tools: () => {
      if (server.tools !== listed) {
        tools = withoutTwins(
          scope,
          server.tools.flatMap((tool) => serveTool(tool) ?? []),
        );
      }
      listed = server.tools;
      return tools;
    },
  };
}
