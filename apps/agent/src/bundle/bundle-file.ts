import {
  OUTPUT_BYTES_MAX_DEFAULT,
  Risk,
  TOOL_TIMEOUT_MS_DEFAULT,
  TOOL_TIMEOUT_MS_MAX,
  ToolDefinition,
} from '@xem/protocol';
import { z } from 'zod';

const EnvironmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable');
const ArgumentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an argument');
const Limit = z.int().min(1).nullable().default(null);

/** Arguments that are there only when an argument of the call is, and is neither false nor null. */
const WhenElement = z.strictObject({ when: ArgumentName, args: z.array(z.string()).min(1) });

/** Arguments that are there only when the other ones would not be. */
const UnlessElement = z.strictObject({ unless: ArgumentName, args: z.array(z.string()).min(1) });

/** One element of an argv template. */
export const TemplateElement = z.union([z.string(), WhenElement, UnlessElement], {
  error: 'must be a string, {when, args} or {unless, args}',
});
export type TemplateElement = z.infer<typeof TemplateElement>;

/** A tool that is a program. */
export const CommandSpec = z.strictObject({
  run: z.array(TemplateElement).min(1),
  /** What the program reads: the canonical JSON of the arguments, or nothing. */
  stdin: z.enum(['args', 'none']).default('none'),
  /** Variables of the agent's environment that the program gets beside the usual ones. */
  env: z.array(EnvironmentName).default([]),
  /** Arguments whose values may begin with `-`. */
  dash_args: z.array(ArgumentName).default([]),
  limits: z
    .strictObject({
      cpu_seconds: Limit,
      memory_bytes: Limit,
      processes: Limit,
      open_files: Limit.default(4096),
      file_bytes: Limit,
    })
    .prefault({}),
});
export type CommandSpec = z.infer<typeof CommandSpec>;

/** A tool that is a function of the agent. */
export const BuiltinSpec = z.strictObject({
  name: z.string().min(1),
  /** The folder that file tools are confined to. */
  root: z.string().min(1).default('{files}'),
});
export type BuiltinSpec = z.infer<typeof BuiltinSpec>;

const Status = z.int().min(200).max(599);

/** A tool that is a request to a server. */
export const HttpSpec = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  /** `http(s)://host/path`; arguments stand in the path. */
  url: z.string().min(1),
  query: z.record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()])).default({}),
  headers: z.record(z.string(), z.string()).default({}),
  /** The canonical JSON of the arguments, or a document with arguments in it; no body without it. */
  body: z
    .union([z.literal('args'), z.strictObject({ json: z.json() })], { error: 'must be args or {json}' })
    .optional(),
  /** Statuses that are no failure; 200 to 299 by default. */
  success: z.array(Status).min(1).optional(),
  /** Headers of the answer that standard error tells. */
  show_headers: z.array(z.string().min(1)).default([]),
});
export type HttpSpec = z.infer<typeof HttpSpec>;

/** The ways to run a tool; each is the name of a member of the file. */
const KINDS = ['command', 'http', 'builtin'] as const;

/** A tool of a bundle: what the manifest says of it, and under the name of its provider how it runs. */
const ToolSpec = z
  .strictObject({
    ...ToolDefinition.shape,
    command: CommandSpec.optional(),
    http: HttpSpec.optional(),
    builtin: BuiltinSpec.optional(),
  })
  .refine((tool) => KINDS.filter((kind) => tool[kind] !== undefined).length === 1, {
    error: `needs one provider: ${KINDS.join(', ')}`,
  });
export type ToolSpec = z.infer<typeof ToolSpec>;

/** A server whose tools become tools of this host. */
export const McpServerSpec = z
  .strictObject({
    /** A program that speaks over its streams; words of the agent may stand in it. */
    run: z.array(z.string()).min(1).optional(),
    /** Variables of the agent's environment that the program gets beside the usual ones. */
    env: z.array(EnvironmentName).default([]),
    /** The address of a server that speaks over HTTP. */
    url: z.url({ protocol: /^https?$/ }).optional(),
    headers: z.record(z.string(), z.string()).default({}),
    /** The file of credentials that the server gets: all of them in its environment, or those its headers name. */
    credentials_ref: z.string().min(1).optional(),
    /** What stands before the names of its tools; the name of the bundle and a dot by default. */
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{0,32}$/, 'must be at most 32 of A-Z a-z 0-9 _ . -')
      .optional(),
    /** The tools that are taken; all by default. */
    only: z.array(z.string()).optional(),
    /** Risks of tools, by the names the server has for them. */
    risks: z.record(z.string(), Risk).default({}),
    /** Whether what the server says of its tools counts where `risks` says nothing. */
    trust_annotations: z.boolean().default(true),
    domain: z.string().min(1).max(64).optional(),
    timeout_ms: z.int().min(1).max(TOOL_TIMEOUT_MS_MAX).default(TOOL_TIMEOUT_MS_DEFAULT),
    max_bytes: z.int().min(0).default(OUTPUT_BYTES_MAX_DEFAULT),
    visible: z.boolean().default(true),
  })
  .refine(({ run, url }) => (run === undefined) !== (url === undefined), { error: 'needs run or url' });
export type McpServerSpec = z.infer<typeof McpServerSpec>;

/** `bundle.yaml`. */
export const BundleFile = z
  .strictObject({
    description: z.string().optional(),
    /** Programs without which its tools are not published. */
    requires: z.array(z.string().min(1)).default([]),
    /** The servers that `http` tools may ask, as `host` or `host:port`. */
    hosts: z.array(z.string()).default([]),
    tools: z.array(ToolSpec).min(1).optional(),
    mcp_server: McpServerSpec.optional(),
  })
  .refine(({ tools, mcp_server }) => tools !== undefined || mcp_server !== undefined, {
    error: 'needs tools, or an mcp_server that has some',
    path: ['tools'],
  });
export type BundleFile = z.infer<typeof BundleFile>;
