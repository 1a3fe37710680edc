import {
  ApiKeyId,
  ApprovalId,
  EntryId,
  ExecutionId,
  hashJson,
  InvocationId,
  PolicyId,
  PrincipalId,
  type PrincipalRef,
  type ProjectId,
} from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { EntryDraft } from '../../journal.ts';
import type { WorkspaceRecord } from '../../record/access.ts';
import type { ApprovalRecord } from '../../record/approval.ts';
import type { ExecutionRecord } from '../../record/execution.ts';
import type { InvocationRecord } from '../../record/invocation.ts';
import type { Making } from './access.ts';

const ASKER: PrincipalRef = {
  id: PrincipalId.parse('prn_000000000000000000000001'),
  kind: 'human',
  name: 'Ann',
};

/** A call that waits in the queue. */
export function makeInvocation(
  { clock, ids }: Making,
  { id: workspaceId, projectId }: Pick<WorkspaceRecord, 'id' | 'projectId'>,
  some: Partial<InvocationRecord> = {},
): InvocationRecord {
  const now = clock.now();
  const args = { seconds: 1, names: ['a', 'ü'] };
  return {
    id: InvocationId.parse(ids.uuid()),
    version: 1,
    projectId,
    workspaceId,
    tool: 'demo_echo',
    risk: 'read',
    domain: 'general',
    toolDigest: hashJson('demo_echo'),
    idempotent: false,
    args,
    argsSha256: hashJson(args),
    status: 'queued',
    surface: 'rest',
    requestedBy: ASKER,
    keyId: null,
    reason: null,
    pinnedAgentId: null,
    agentId: null,
    timeoutMs: 60_000,
    attempt: 0,
    losses: 0,
    executionId: null,
    approval: null,
    cancelRequestedAt: null,
    error: null,
    result: null,
    rerunOf: null,
    traceparent: null,
    creditReserved: null,
    createdAt: now,
    queuedAt: now,
    startedAt: null,
    endedAt: null,
    deadlineAt: now + 600_000,
    heldAt: null,
    heldRemainingMs: null,
    ...some,
  };
}

/** The first attempt at a call, on its way to an agent. */
export function makeExecution(
  { clock, ids }: Making,
  invocation: InvocationRecord,
  some: Partial<ExecutionRecord> & Pick<ExecutionRecord, 'agentId'>,
): ExecutionRecord {
  return {
    id: ExecutionId.parse(ids.uuid()),
    version: 1,
    invocationId: invocation.id,
    projectId: invocation.projectId,
    workspaceId: invocation.workspaceId,
    tool: invocation.tool,
    attempt: 1,
    status: 'dispatched',
    journalId: 'journal-1',
    exitCode: null,
    signal: null,
    endedBy: null,
    error: null,
    stdout: null,
    stderr: null,
    evidence: false,
    durationMs: null,
    outputExpiresAt: null,
    createdAt: clock.now(),
    startedAt: null,
    endedAt: null,
    lostAt: null,
    ...some,
  };
}

/** A decision that is waited for. */
export function makeApproval(
  { clock, ids }: Making,
  invocation: InvocationRecord,
  some: Partial<ApprovalRecord> = {},
): ApprovalRecord {
  const now = clock.now();
  const { projectId, workspaceId, tool, toolDigest, args, argsSha256, requestedBy, surface } = invocation;
  return {
    id: ApprovalId.parse(ids.uuid()),
    version: 1,
    invocationId: invocation.id,
    projectId,
    workspaceId,
    tool,
    toolDigest,
    args,
    argsSha256,
    requestedBy,
    surface,
    status: 'pending',
    kind: 'policy',
    risk: 'destructive',
    reason: null,
    callSha256: hashJson(invocation.id),
    requestFamily: ApiKeyId.parse(`key_${ids.hex()}`),
    policy: { id: PolicyId.parse(`pol_${ids.hex()}`), name: 'default', version: 1 },
    stages: [{ groups: [], expiresAt: now + 60_000 }],
    stageIndex: 0,
    quorum: { any_of: [{ group: '*', count: 1 }] },
    decisions: [],
    decidedBy: null,
    decisionNote: null,
    confirmRequired: false,
    stageExpiresAt: now + 60_000,
    expiresAt: now + 60_000,
    createdAt: now,
    decidedAt: null,
    ...some,
  };
}

/** An entry that the router itself writes. */
export function makeEntry(
  { clock, ids }: Making,
  projectId: ProjectId,
  some: Partial<EntryDraft> = {},
): EntryDraft {
  return {
    id: EntryId.parse(`evt_${ids.hex()}`),
    at: toTimestamp(clock.now()),
    project_id: projectId,
    type: 'project.created',
    actor: { kind: 'system' },
    key_id: null,
    surface: null,
    request_id: null,
    subject: { type: 'project', id: projectId },
    refs: {},
    data: {},
    ...some,
  };
}
