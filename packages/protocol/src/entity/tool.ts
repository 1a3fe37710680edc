import { DAY_MS } from '../duration.ts';
import { z } from 'zod';
import { AgentId, Milliseconds, RegistrationName, Sha256, ToolAlias, ToolName, WorkspaceId } from '../id.ts';
import { AGENT_STATUSES } from '../state/agent.ts';
import { RISKS } from '../word.ts';

export const Risk = z.enum(RISKS);
export type Risk = z.infer<typeof Risk>;

/** The risks that no policy can let through without a human's decision. */
export const GATED_RISKS: ReadonlySet<Risk> = new Set(['destructive', 'irreversible']);

/** The strictest of some risks; `read` when there are none. */
export const strictestRisk = (risks: Iterable<Risk>): Risk => {
  let strictest = 0;
  for (const risk of risks) strictest = Math.max(strictest, RISKS.indexOf(risk));
  return RISKS[strictest] ?? 'irreversible';
};

export const TOOL_TIMEOUT_MS_DEFAULT = 60_000;
export const TOOL_TIMEOUT_MS_MAX = DAY_MS;
export const OUTPUT_BYTES_MAX_DEFAULT = 16 * 1024 * 1024;

export const ToolOutput = z.object({
  media_type: z.string().min(1).max(128).default('application/octet-stream'),
  max_bytes: z.int().min(0).default(OUTPUT_BYTES_MAX_DEFAULT),
});

/** A JSON Schema 2020-12 whose type is `object`. */
export const ToolParameters = z
  .looseObject({ type: z.literal('object') })
  .meta({ id: 'ToolParameters', description: 'A JSON Schema 2020-12 for the arguments.' });
export type ToolParameters = z.infer<typeof ToolParameters>;

/** A row of the catalogue: one per name and definition. */
export const Tool = z
  .object({
    object: z.literal('tool'),
    name: ToolName,
    description: z.string(),
    domain: z.string(),
    risk: Risk,
    timeout_ms: Milliseconds,
    digest: Sha256,
    variants: z.int().min(1),
    mcp: z.object({ visible: z.boolean(), alias: ToolAlias }),
    workspaces: z.array(WorkspaceId),
    agents_online: z.int().min(0),
    agents_total: z.int().min(0),
    requires_approval: z.boolean(),
  })
  .meta({ id: 'Tool' });
export type Tool = z.infer<typeof Tool>;

/** Everything there is to know of one definition of a tool. */
export const ToolDescriptor = z
  .object({
    ...Tool.shape,
    parameters: ToolParameters,
    idempotent: z.boolean(),
    output: z.object({ media_type: z.string(), max_bytes: z.int() }),
    declared_risk: Risk,
    agents: z.array(
      z.object({ id: AgentId, registration_name: RegistrationName, status: z.enum(AGENT_STATUSES) }),
    ),
    example: z.object({ args: z.record(z.string(), z.unknown()) }).nullable(),
  })
  .meta({ id: 'ToolDescriptor' });
export type ToolDescriptor = z.infer<typeof ToolDescriptor>;
