import { canonical, hashOf, sha256 } from '../check/hash.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { LedgerLine } from '../evidence/ledger.ts';
import type { ApprovalRow, EntryRow, ExecutionRow, InvocationRow } from '../evidence/rows.ts';

const PROJECT = 'prj_a';
const AGENT = 'agt_a';
const NOW = 1_000_000;
const ARGS = { step: 1 };

const line = JSON.stringify({ invocation_id: 'inv_gated', attempt: 1, args: ARGS });
const digestOf = (text: string) => ({
  bytes: Buffer.byteLength(text),
  sha256: sha256(text),
  truncated: false,
  missing: [],
});

const call = (id: string, tool: string, risk: string): InvocationRow => ({
  id,
  project_id: PROJECT,
  workspace_id: 'ws_a',
  tool,
  risk,
  tool_digest: 'digest',
  args: ARGS,
  args_sha256: hashOf(ARGS),
  status: 'completed',
  requested_by: { id: 'prn_service' },
  pinned_agent_id: null,
  agent_id: AGENT,
  timeout_ms: 60_000,
  attempt: 1,
  execution_id: `exe_${id}`,
  approval: risk === 'read' ? null : { id: 'apr_a' },
  error: null,
  result: {
    exitCode: 0,
    stdoutBytes: Buffer.byteLength(risk === 'read' ? canonical(ARGS) : line),
    stderrBytes: 0,
  },
  credit_reserved: 62,
  deadline_at: null,
  held_at: null,
});

const attempt = ({ id, risk }: InvocationRow): ExecutionRow => ({
  id: `exe_${id}`,
  invocation_id: id,
  project_id: PROJECT,
  workspace_id: 'ws_a',
  agent_id: AGENT,
  attempt: 1,
  status: 'completed',
  exit_code: 0,
  stdout: digestOf(risk === 'read' ? canonical(ARGS) : line),
  stderr: digestOf(''),
  evidence: 0,
  output_expires_at: null,
});

const approvalOf = ({ id, tool, args_sha256 }: InvocationRow): ApprovalRow => ({
  id: 'apr_a',
  invocation_id: id,
  project_id: PROJECT,
  workspace_id: 'ws_a',
  status: 'approved',
  tool,
  tool_digest: 'digest',
  args: ARGS,
  args_sha256,
  call_sha256: hashOf({
    v: 1,
    project_id: PROJECT,
    workspace_id: 'ws_a',
    tool,
    tool_digest: 'digest',
    args: ARGS,
    pinned_agent_id: null,
    timeout_ms: 60_000,
    requester: 'prn_service',
    policy_id: 'pol_a',
    policy_version: 1,
  }),
  requested_by: { id: 'prn_service' },
  policy: { id: 'pol_a', version: 1 },
  decisions: [{ decision: 'approve', decided_by: { id: 'prn_human' } }],
  expires_at: NOW,
  decided_at: NOW - 1000,
});

type Told = readonly [type: string, subject: { type: string; id: string }, data?: Record<string, unknown>];

const historyOf = ({ id, risk }: InvocationRow): readonly Told[] => {
  const subject = { type: 'invocation', id };
  const approval = { type: 'approval', id: 'apr_a' };
  const gate: readonly Told[] = [
    ['approval.requested', approval],
    ['approval.approved', approval],
    ['invocation.queued', subject],
  ];
  return [
    ['invocation.created', subject, { status: risk === 'read' ? 'queued' : 'pending_approval' }],
    ...(risk === 'read' ? [] : gate),
    ['invocation.dispatched', subject],
    ['invocation.started', subject],
    ['execution.ended', { type: 'execution', id: `exe_${id}` }, { status: 'completed' }],
    ['invocation.completed', subject, { credit: 3 }],
  ];
};

/** Entries in a chain that verifies. */
export function sealed(entries: readonly Omit<EntryRow, 'seq' | 'prev_hash' | 'hash'>[]): EntryRow[] {
  let before = hashOf({ genesis: PROJECT });
  return entries.map((entry, at) => {
    const open = { ...entry, seq: at + 1, prev_hash: before };
    before = hashOf({ object: 'journal_entry', ...open });
    return { ...open, hash: before };
  });
}

const entriesOf = (calls: readonly InvocationRow[]): EntryRow[] =>
  sealed(
    calls.flatMap((row) =>
      historyOf(row).map(([type, subject, data = {}], at) => ({
        project_id: PROJECT,
        id: `evt_${row.id}_${at}`,
        at: '2026-01-01T00:00:00.000Z',
        type,
        actor: { kind: 'system' },
        key_id: null,
        surface: null,
        request_id: null,
        subject,
        refs: { invocation_id: row.id, execution_id: `exe_${row.id}` },
        data,
      })),
    ),
  );

const ledgerOf = (calls: readonly InvocationRow[], head: string): readonly LedgerLine[] => [
  ...calls.map(
    ({ id, tool, args_sha256 }) =>
      ({
        kind: 'created',
        project: PROJECT,
        at: 0,
        invocation_id: id,
        tool,
        args_sha256,
        idempotency_key: `key ${id}`,
      }) as const,
  ),
  { kind: 'decided', project: PROJECT, at: 0, approval_id: 'apr_a', status: 'approved' },
  { kind: 'saw', project: PROJECT, at: 0, invocation_id: 'inv_gated', status: 'completed' },
  { kind: 'head', project: PROJECT, at: 0, seq: 2, hash: head },
  { kind: 'shown', project: PROJECT, at: 0, ids: ['inv_gated'] },
  { kind: 'trespassed', project: 'prj_b', at: 0, path: '/v1/exec/invocations/inv_gated', http: 404 },
  { kind: 'healed', project: PROJECT, at: 0, fault: 'a crash', took_ms: 100 },
];

/** Two projects and who is in them. */
const PLACES = {
  projects: [PROJECT, 'prj_b'],
  principals: [
    { id: 'prn_human', project_id: PROJECT, kind: 'human' },
    { id: 'prn_service', project_id: PROJECT, kind: 'service' },
  ],
  workspaces: [
    { id: 'ws_a', project_id: PROJECT },
    { id: 'ws_b', project_id: 'prj_b' },
  ],
  agents: [
    { id: AGENT, project_id: PROJECT },
    { id: 'agt_b', project_id: 'prj_b' },
  ],
  bindings: [{ workspace_id: 'ws_a', agent_id: AGENT, project_id: PROJECT }],
  joinKeys: [{ id: 'jkr_a', project_id: PROJECT, uses: 1 }],
  accounts: [{ project_id: PROJECT, granted: 100, reserved: 0, settled: 6 }],
  joinKeyUses: [{ join_key_id: 'jkr_a', agent_id: AGENT, status: 'confirmed', lapses_at: 0 }],
} as const;

/** Evidence of a gated call and one that reads, both done as they should be, beside another project. */
export function goodEvidence(): Evidence {
  const gated = call('inv_gated', 'demo_effect', 'destructive');
  const calls = [gated, call('inv_read', 'demo_echo', 'read')];
  const executions = calls.map(attempt);
  const entries = entriesOf(calls);
  const attempts = executions.map(({ id }) => ({
    execution_id: id,
    attempt: 1,
    state: 'ended',
    is_acknowledged: 1,
  }));
  return {
    ...PLACES,
    judgedAt: NOW,
    graceMs: 1000,
    invocations: calls,
    executions,
    approvals: [approvalOf(gated)],
    entries,
    usage: [{ project_id: PROJECT, calls: 2, credit: 6 }],
    cursors: [{ reader: 'usage', project_id: PROJECT, seq: entries.length }],
    outputs: executions.map(({ id, stdout }) => ({
      execution_id: id,
      project_id: PROJECT,
      stream: 'stdout',
      bytes: stdout?.bytes ?? 0,
      sha256: stdout?.sha256 ?? '',
    })),
    agentMemories: [{ agent_id: AGENT, attempts }],
    effects: [{ invocation_id: gated.id, attempt: 1, args: ARGS }],
    processes: [],
    ledger: ledgerOf(calls, entries[1]?.hash ?? ''),
  };
}
