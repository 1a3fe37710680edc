import {
  canonicalJson,
  MANIFEST_BYTES_MAX,
  MANIFEST_TOOLS_MAX,
  toolAlias,
  type ToolDefinition,
} from '@xem/protocol';
import type { Log } from '@xem/runtime';
import type { ServedTools } from './load-server.ts';
import type { RunnableTool } from './tool.ts';

/** All tools of a host at one moment. */
export interface ToolTable {
  /** By name. */
  readonly definitions: readonly ToolDefinition[];
  readonly tools: ReadonlyMap<string, RunnableTool>;
}

interface MergeContext {
  readonly log: Log;
}

/** Room in a manifest for what is not a tool. */
const WORKSPACES_BYTES = 64 * 1024;

const bytesOf = ({ definition }: RunnableTool): number => Buffer.byteLength(canonicalJson(definition)) + 1;

/** The tools that the bundles declare, and those of servers as far as there is a name and room for them. */
export function mergeTools(
  { log }: MergeContext,
  declared: readonly RunnableTool[],
  served: readonly ServedTools[],
): ToolTable {
  const tools = new Map(declared.map((tool) => [tool.definition.name, tool]));
  const aliases = new Set(declared.map(({ definition }) => toolAlias(definition)));
  let bytes = declared.reduce((sum, tool) => sum + bytesOf(tool), WORKSPACES_BYTES);
  const faultOf = (tool: RunnableTool): string | null => {
    const { definition } = tool;
    if (tools.has(definition.name)) return 'another tool has its name';
    if (aliases.has(toolAlias(definition))) return 'another tool has its alias';
    const isFull = tools.size >= MANIFEST_TOOLS_MAX || bytes + bytesOf(tool) > MANIFEST_BYTES_MAX;
    return isFull ? 'the manifest has no room for it' : null;
  };
  for (const tool of served.flatMap((one) => one.tools())) {
    const { definition, bundle } = tool;
    const why = faultOf(tool);
    if (why) {
      log.warn('mcp.tool_left_out', { bundle, tool: definition.name, why });
      continue;
    }
    tools.set(definition.name, tool);
    aliases.add(toolAlias(definition));
    bytes += bytesOf(tool);
  }
  const definitions = [...tools.values()].map(({ definition }) => definition);
  return { tools, definitions: definitions.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}
