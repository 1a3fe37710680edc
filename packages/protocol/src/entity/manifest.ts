import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { hashJson } from '../hash.ts';
import { Milliseconds, Sha256, Timestamp, ToolAlias, ToolName, WorkspaceId, AgentId } from '../id.ts';
import { Risk, TOOL_TIMEOUT_MS_DEFAULT, TOOL_TIMEOUT_MS_MAX, ToolOutput, ToolParameters } from './tool.ts';

export const MANIFEST_TOOLS_MAX = 1000;
export const MANIFEST_BYTES_MAX = 512 * 1024;

/** A tool as an agent declares it, defaults filled in. */
export const ToolDefinition = z.strictObject({
  name: ToolName,
  description: z.string().min(1).max(4096),
  risk: Risk,
  domain: z.string().min(1).max(64).default('general'),
  parameters: ToolParameters,
  timeout_ms: z.int().min(1).max(TOOL_TIMEOUT_MS_MAX).default(TOOL_TIMEOUT_MS_DEFAULT),
  idempotent: z.boolean().default(false),
  mcp: z
    .strictObject({ visible: z.boolean().default(false), alias: ToolAlias.optional() })
    .default({ visible: false }),
  output: ToolOutput.default(ToolOutput.parse({})),
});
export type ToolDefinition = z.infer<typeof ToolDefinition>;

/** What an agent publishes: the workspaces it serves and the tools it can run. */
export const Manifest = z
  .strictObject({
    manifest_version: z.int().min(1),
    workspaces: z.array(
      z.strictObject({
        id: WorkspaceId,
        type: z.string().optional(),
        credentials_ref: z.string().optional(),
      }),
    ),
    tools: z.array(ToolDefinition).max(MANIFEST_TOOLS_MAX),
  })
  .meta({ id: 'Manifest' });
export type Manifest = z.infer<typeof Manifest>;

/** SHA-256 of the RFC 8785 form of a manifest. */
export const manifestHash = (manifest: Manifest): string => hashJson(manifest);

/** The size of a manifest in bytes of its RFC 8785 form, at most `MANIFEST_BYTES_MAX`. */
export const manifestBytes = (manifest: Manifest): number => Buffer.byteLength(canonicalJson(manifest));

/** What a decision is bound to of a tool: its whole definition, but for how MCP clients see it. */
export function toolDigest(tool: ToolDefinition): string {
  const { name, description, risk, domain, parameters, timeout_ms, idempotent, output } = tool;
  return hashJson({ name, description, risk, domain, parameters, timeout_ms, idempotent, output });
}

/** The alias of a tool: its own, or its name with every foreign character made `_`. */
export const toolAlias = (tool: Pick<ToolDefinition, 'name' | 'mcp'>): string =>
  tool.mcp.alias ?? tool.name.replaceAll('.', '_');

/** A change of a manifest that waits until a person accepts it. */
export const PendingChange = z.object({
  tool: ToolName,
  kind: z.enum(['risk_lowered', 'definition_changed']),
  old_digest: Sha256,
  new_digest: Sha256,
});
export type PendingChange = z.infer<typeof PendingChange>;

/** The manifest of an agent as the router keeps it, and of what waits what stands in its place. */
export const AgentManifest = z
  .object({
    object: z.literal('manifest'),
    agent_id: AgentId,
    manifest_version: z.int(),
    manifest_hash: Sha256,
    received_at: Timestamp,
    manifest: Manifest,
    pending_changes: z.array(
      z.object({ ...PendingChange.shape, old: ToolDefinition.nullable(), new: ToolDefinition }),
    ),
  })
  .meta({ id: 'AgentManifest' });
export type AgentManifest = z.infer<typeof AgentManifest>;

/** What a host tells of itself; never the values of its environment. */
export const HostReport = z.object({
  os: z.string(),
  arch: z.string(),
  kernel: z.string(),
  hostname: z.string(),
  node_version: z.string(),
  agent_version: z.string(),
  providers: z.array(z.string()),
  sandbox: z.array(z.string()),
  limits: z.object({
    max_concurrent_executions: z.int().min(1),
    memory_bytes: z.int().nullable(),
    cpus: z.int().min(1),
  }),
});
export type HostReport = z.infer<typeof HostReport>;

export const AgentEnvironment = z
  .object({
    object: z.literal('agent_environment'),
    agent_id: AgentId,
    ...HostReport.shape,
    reported_at: Timestamp,
  })
  .meta({ id: 'AgentEnvironment' });
export type AgentEnvironment = z.infer<typeof AgentEnvironment>;

export const AgentConnectivity = z
  .object({
    object: z.literal('agent_connectivity'),
    agent_id: AgentId,
    state: z.enum(['connected', 'disconnected']),
    session: z.string().nullable(),
    epoch: z.int().min(0),
    connected_at: Timestamp.nullable(),
    lease_age_ms: Milliseconds.nullable(),
    round_trip_ms: z.number().min(0).nullable(),
    reconnects: z.int().min(0),
    bytes_in: z.int().min(0),
    bytes_out: z.int().min(0),
    bad_frames: z.int().min(0),
    last_error: z.object({ code: z.string(), message: z.string(), at: Timestamp }).nullable(),
  })
  .meta({ id: 'AgentConnectivity' });
export type AgentConnectivity = z.infer<typeof AgentConnectivity>;
