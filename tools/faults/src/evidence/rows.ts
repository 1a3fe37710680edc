import { z } from 'zod';

/** A column that holds JSON. */
const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

const jsonOrNull = <Schema extends z.ZodType>(schema: Schema) => json(schema).nullable();

const Named = z.object({ id: z.string() });
const Digest = z.object({
  bytes: z.number(),
  sha256: z.string(),
  truncated: z.boolean(),
  missing: z.array(z.tuple([z.number(), z.number()])),
});
const Args = z.record(z.string(), z.unknown());

/** A requested call, as the router's database has it. Times are milliseconds since 1970. */
export const InvocationRow = z.object({
  id: z.string(),
  project_id: z.string(),
  workspace_id: z.string(),
  tool: z.string(),
  risk: z.string(),
  tool_digest: z.string(),
  args: json(Args),
  args_sha256: z.string(),
  status: z.string(),
  requested_by: json(Named),
  pinned_agent_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  timeout_ms: z.number(),
  attempt: z.number(),
  execution_id: z.string().nullable(),
  approval: jsonOrNull(Named),
  error: jsonOrNull(z.object({ code: z.string() })),
  result: jsonOrNull(
    z.object({ exitCode: z.number().nullable(), stdoutBytes: z.number(), stderrBytes: z.number() }),
  ),
  credit_reserved: z.number().nullable(),
  deadline_at: z.number().nullable(),
  held_at: z.number().nullable(),
});
export type InvocationRow = z.infer<typeof InvocationRow>;

/** One attempt. */
export const ExecutionRow = z.object({
  id: z.string(),
  invocation_id: z.string(),
  project_id: z.string(),
  workspace_id: z.string(),
  agent_id: z.string(),
  attempt: z.number(),
  status: z.string(),
  exit_code: z.number().nullable(),
  stdout: jsonOrNull(Digest),
  stderr: jsonOrNull(Digest),
  evidence: z.number(),
  output_expires_at: z.number().nullable(),
});
export type ExecutionRow = z.infer<typeof ExecutionRow>;

/** A decision that is waited for, or was made. */
export const ApprovalRow = z.object({
  id: z.string(),
  invocation_id: z.string(),
  project_id: z.string(),
  workspace_id: z.string(),
  status: z.string(),
  tool: z.string(),
  tool_digest: z.string(),
  args: json(Args),
  args_sha256: z.string(),
  call_sha256: z.string(),
  requested_by: json(Named),
  policy: json(z.object({ id: z.string(), version: z.number() })),
  decisions: json(z.array(z.object({ decision: z.string(), decided_by: Named }))),
  expires_at: z.number(),
  decided_at: z.number().nullable(),
});
export type ApprovalRow = z.infer<typeof ApprovalRow>;

/** One link of a project's chain; every field of it is hashed. */
export const EntryRow = z.object({
  project_id: z.string(),
  seq: z.number(),
  id: z.string(),
  at: z.string(),
  type: z.string(),
  actor: json(z.record(z.string(), z.unknown())),
  key_id: z.string().nullable(),
  surface: z.string().nullable(),
  request_id: z.string().nullable(),
  subject: json(z.object({ type: z.string(), id: z.string() })),
  refs: json(z.record(z.string(), z.string())),
  data: json(z.record(z.string(), z.unknown())),
  prev_hash: z.string(),
  hash: z.string(),
});
export type EntryRow = z.infer<typeof EntryRow>;

/** Anything that belongs to a project, by its id. */
export const OwnedRow = z.object({ id: z.string(), project_id: z.string() });
export type OwnedRow = z.infer<typeof OwnedRow>;

export const PrincipalRow = OwnedRow.extend({ kind: z.string() });
export type PrincipalRow = z.infer<typeof PrincipalRow>;

export const BindingRow = z.object({
  workspace_id: z.string(),
  agent_id: z.string(),
  project_id: z.string(),
});
export type BindingRow = z.infer<typeof BindingRow>;

export const JoinKeyRow = OwnedRow.extend({ uses: z.number() });
export type JoinKeyRow = z.infer<typeof JoinKeyRow>;

export const JoinKeyUseRow = z.object({
  join_key_id: z.string(),
  agent_id: z.string(),
  status: z.string(),
  lapses_at: z.number(),
});
export type JoinKeyUseRow = z.infer<typeof JoinKeyUseRow>;

/** The account of a metered project, in credits. */
export const AccountRow = z.object({
  project_id: z.string(),
  granted: z.number(),
  reserved: z.number(),
  settled: z.number(),
});
export type AccountRow = z.infer<typeof AccountRow>;

/** What a project used of a tool in a workspace on a day. */
export const UsageRow = z.object({ project_id: z.string(), calls: z.number(), credit: z.number() });
export type UsageRow = z.infer<typeof UsageRow>;

/** How far a reader of a project's journal has come. */
export const CursorRow = z.object({ reader: z.string(), project_id: z.string(), seq: z.number() });
export type CursorRow = z.infer<typeof CursorRow>;

/** One attempt in an agent's own journal. */
export const AttemptRow = z.object({
  execution_id: z.string(),
  attempt: z.number(),
  state: z.string(),
  is_acknowledged: z.number(),
});
export type AttemptRow = z.infer<typeof AttemptRow>;

/** What a test tool wrote down that it really did. */
export const Effect = z.object({ invocation_id: z.string(), attempt: z.number(), args: Args });
export type Effect = z.infer<typeof Effect>;
