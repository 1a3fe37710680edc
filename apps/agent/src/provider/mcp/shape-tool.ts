import { ToolAlias, ToolDefinition, ToolName, type Risk } from '@xem/protocol';
import type { Tool } from '@modelcontextprotocol/client';
import type { McpServerSpec } from '../../bundle/bundle-file.ts';
import type { SchemaCompiler } from '../../bundle/parameters.ts';
import type { ArgumentRules } from '../../bundle/parameters.ts';
import { cleanParameters } from './clean-schema.ts';

/** A tool as its server lists it. */
export type ServerTool = Pick<
  Tool,
  'name' | 'title' | 'description' | 'inputSchema' | 'outputSchema' | 'annotations' | 'execution'
>;

/** How a bundle takes the tools of its server. */
export interface Shaping {
  readonly spec: McpServerSpec;
  readonly bundle: string;
  readonly compile: SchemaCompiler;
}

/** A tool of a server as the mesh gets it, or why it does not. */
export type Shaped =
  | { readonly ok: true; readonly definition: ToolDefinition; readonly rules: ArgumentRules }
  | { readonly ok: false; readonly why: string };

const DESCRIPTION_CHARS_MAX = 4096;
const DOMAIN_CHARS_MAX = 64;

/**
 * What the bundle says of a tool. Else what the server says: it only reads, unless it claims to destroy as well; it
 * writes when it says in so many words that it does not destroy; and whatever says nothing destroys.
 */
export function riskOf({ name, annotations = {} }: ServerTool, spec: McpServerSpec): Risk {
  const said = Object.hasOwn(spec.risks, name) ? spec.risks[name] : undefined;
  if (said !== undefined) return said;
  if (!spec.trust_annotations || annotations.destructiveHint === true) return 'destructive';
  if (annotations.readOnlyHint === true) return 'read';
  return annotations.destructiveHint === false ? 'write' : 'destructive';
}

const prefixOf = ({ spec, bundle }: Shaping): string => spec.prefix ?? `${bundle}.`;

/** A name the mesh can have; servers may use any text. */
const nameOf = (tool: ServerTool, shaping: Shaping): string =>
  `${prefixOf(shaping)}${tool.name.replaceAll(/[^A-Za-z0-9_.-]/g, '_')}`;

function definitionOf(tool: ServerTool, shaping: Shaping): ToolDefinition {
  const { spec, bundle } = shaping;
  const name = nameOf(tool, shaping);
  const description = tool.description?.trim() || tool.title || tool.annotations?.title || tool.name;
  const isSure = spec.trust_annotations && tool.annotations?.idempotentHint === true;
  return ToolDefinition.parse({
    name,
    description: description.slice(0, DESCRIPTION_CHARS_MAX),
    risk: riskOf(tool, spec),
    domain: spec.domain ?? bundle.slice(0, DOMAIN_CHARS_MAX),
    parameters: cleanParameters(tool.inputSchema),
    timeout_ms: spec.timeout_ms,
    idempotent: isSure,
    mcp: { visible: spec.visible, alias: name.replaceAll('.', '_') },
    output: {
      media_type: tool.outputSchema ? 'application/json' : 'text/plain',
      max_bytes: spec.max_bytes,
    },
  });
}

function nameFault(tool: ServerTool, shaping: Shaping): string | null {
  const name = nameOf(tool, shaping);
  if (tool.execution?.taskSupport === 'required') return 'it runs as a task only';
  if (!ToolName.safeParse(name).success) return `${name} is no name of a tool`;
  return ToolAlias.safeParse(name.replaceAll('.', '_')).success ? null : `${name} gives no alias`;
}

/** Makes a governed tool of a server's. */
export function shapeTool(tool: ServerTool, shaping: Shaping): Shaped {
  const fault = nameFault(tool, shaping);
  if (fault) return { ok: false, why: fault };
  const definition = definitionOf(tool, shaping);
  const compiled = shaping.compile(definition.parameters);
  if (compiled.ok) return { ok: true, definition, rules: compiled.rules };
  const place = compiled.fault.pointer.map((part) => `/${part}`).join('');
  return { ok: false, why: `its schema cannot be used at "${place}": ${compiled.fault.message}` };
}
