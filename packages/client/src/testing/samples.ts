import type { Execution, Invocation } from '@xem/protocol';

const HASH = 'a'.repeat(64);
const PRINCIPAL = { id: `prn_${'1'.repeat(24)}`, kind: 'service', name: 'ci' };
const PROJECT_ID = `prj_${'2'.repeat(24)}`;

export const INVOCATION_ID = '0193aaaa-8d0e-7c2f-9c1d-2b9f5e7a8c10';
export const EXECUTION_ID = '0193bbbb-0b3c-7f5a-8e1d-9c4b3a2f1e08';
export const APPROVAL_ID = '0193cccc-0b3c-7f5a-8e1d-9c4b3a2f1e08';
export const WORKSPACE_ID = 'ws_a1b2c3d4';
export const AGENT_ID = `agt_${'3'.repeat(24)}`;

/** An invocation as it travels; `over` replaces members. */
export const invocationSample = (over: Partial<Record<keyof Invocation, unknown>> = {}): object => ({
  object: 'invocation',
  id: INVOCATION_ID,
  project_id: PROJECT_ID,
  workspace_id: WORKSPACE_ID,
  tool: 'kubectl_get',
  risk: 'read',
  domain: 'kubernetes',
  tool_digest: HASH,
  args_sha256: HASH,
  args: { resource: 'pods' },
  status: 'queued',
  surface: 'cli',
  requested_by: PRINCIPAL,
  reason: null,
  pinned_agent_id: null,
  agent_id: null,
  timeout_ms: 60_000,
  attempt: 0,
  execution_id: null,
  approval: null,
  cancel_requested_at: null,
  error: null,
  result: null,
  rerun_of: null,
  trace_id: null,
  actions: ['cancel'],
  created_at: '2026-01-01T00:00:00.000Z',
  queued_at: '2026-01-01T00:00:00.000Z',
  started_at: null,
  ended_at: null,
  deadline_at: '2026-01-01T00:10:00.000Z',
  ...over,
});

/** An invocation that completed with some output. */
export const settledSample = (over: Partial<Record<keyof Invocation, unknown>> = {}): object =>
  invocationSample({
    status: 'completed',
    attempt: 1,
    agent_id: AGENT_ID,
    execution_id: EXECUTION_ID,
    result: { exit_code: 0, signal: null, stdout_bytes: 5, stderr_bytes: 0, duration_ms: 12 },
    actions: ['rerun'],
    ended_at: '2026-01-01T00:00:01.000Z',
    deadline_at: null,
    ...over,
  });

/** An execution as it travels; `over` replaces members. */
export const executionSample = (over: Partial<Record<keyof Execution, unknown>> = {}): object => ({
  object: 'execution',
  id: EXECUTION_ID,
  invocation_id: INVOCATION_ID,
  project_id: PROJECT_ID,
  workspace_id: WORKSPACE_ID,
  agent_id: AGENT_ID,
  tool: 'kubectl_get',
  attempt: 1,
  status: 'completed',
  exit_code: 0,
  signal: null,
  ended_by: 'exit',
  error: null,
  stdout: null,
  stderr: null,
  evidence: false,
  duration_ms: 12,
  output_expires_at: null,
  created_at: '2026-01-01T00:00:00.000Z',
  started_at: '2026-01-01T00:00:00.000Z',
  ended_at: '2026-01-01T00:00:01.000Z',
  ...over,
});

/** An approval as it travels; `over` replaces members. */
export const approvalSample = (over: Readonly<Record<string, unknown>> = {}): object => ({
  object: 'approval',
  id: APPROVAL_ID,
  invocation_id: INVOCATION_ID,
  project_id: PROJECT_ID,
  workspace_id: WORKSPACE_ID,
  status: 'pending',
  kind: 'policy',
  tool: 'kubectl_drain',
  risk: 'destructive',
  tool_digest: HASH,
  args: { node: 'n1' },
  args_sha256: HASH,
  reason: 'maintenance',
  call_sha256: 'b'.repeat(64),
  requested_by: PRINCIPAL,
  surface: 'cli',
  policy: { id: `pol_${'4'.repeat(24)}`, name: 'standard', version: 1 },
  stage: { index: 0, count: 1, groups: ['*'], expires_at: '2026-01-01T00:15:00.000Z' },
  quorum: { any_of: [{ group: '*', count: 1 }], have: [] },
  decisions: [],
  decided_by: null,
  decision_note: null,
  eligible: true,
  ineligible_reason: null,
  confirm_required: false,
  url: 'http://127.0.0.1:1/approvals/x',
  expires_at: '2026-01-01T00:15:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
  decided_at: null,
  ...over,
});

/** A page of things as it travels. */
export const pageSample = (data: readonly unknown[], nextCursor: string | null = null): object => ({
  object: 'list',
  data,
  has_more: nextCursor !== null,
  next_cursor: nextCursor,
});
