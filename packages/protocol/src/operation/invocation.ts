import { z } from 'zod';
import { CREATED_SPAN } from '../created-span.ts';
import {
  ARGS_BYTES_MAX,
  Invocation,
  InvocationPlan,
  InvocationStatusWord,
  Reason,
} from '../entity/invocation.ts';
import { Surface } from '../entity/principal.ts';
import { AgentId, InvocationId, PrincipalId, ProjectId, ToolName, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { INVOCATION_EVENTS, StreamEvents } from '../entity/stream-event.ts';
import { operation } from './operation.ts';

/** A member takes five bytes, `"":{}`, or more: no more of them fit into arguments. */
const MEMBERS_MAX = Math.ceil(ARGS_BYTES_MAX / 5);

export const createInvocation = operation({
  id: 'invocation.create',
  method: 'POST',
  path: '/exec/invocations',
  scope: 'execution',
  summary: 'Ask for a tool call',
  answers: 'json',
  status: 201,
  headers: ['Idempotency-Key', 'Prefer'],
  input: z.strictObject({
    workspace_id: WorkspaceId,
    tool: ToolName,
    args: z.looseObject({}),
    reason: Reason.optional(),
    timeout_ms: z.int().min(1).optional(),
    agent_id: AgentId.optional(),
    project_id: ProjectId.optional(),
    dry_run: z.boolean().optional(),
  }),
  membersMax: MEMBERS_MAX,
  output: z.union([Invocation, InvocationPlan]),
  errors: [
    'missing_workspace_id',
    'invalid_workspace_id',
    'workspace_not_found',
    'workspace_lookup_failed',
    'project_mismatch',
    'exec_tool_not_found',
    'tool_not_mcp_visible',
    'tool_ambiguous',
    'agent_not_found',
    'exec_idempotency_conflict',
    'insufficient_quota',
    'billing_delinquent',
    'cancelled',
  ],
});

const InvocationFilter = z.strictObject({
  ...PageQuery.shape,
  status: InvocationStatusWord.optional(),
  tool: ToolName.optional(),
  workspace_id: WorkspaceId.optional(),
  agent_id: AgentId.optional(),
  requested_by: PrincipalId.optional(),
  surface: Surface.optional(),
  ...CREATED_SPAN,
});

export const listInvocations = operation({
  id: 'invocation.list',
  method: 'GET',
  path: '/exec/invocations',
  scope: 'execution',
  summary: 'List invocations, newest first',
  answers: 'json',
  input: InvocationFilter,
  output: pageOf(Invocation, 'InvocationList'),
  errors: [],
});

export const getInvocation = operation({
  id: 'invocation.get',
  method: 'GET',
  path: '/exec/invocations/:id',
  scope: 'execution',
  summary: 'Read an invocation, waiting for its end if asked to',
  answers: 'json',
  headers: ['Prefer'],
  input: z.strictObject({ id: InvocationId, include: z.literal('output').optional() }),
  output: Invocation,
  errors: ['invocation_not_found'],
});

export const cancelInvocation = operation({
  id: 'invocation.cancel',
  method: 'POST',
  path: '/exec/invocations/:id/cancel',
  scope: 'execution',
  summary: 'Stop an invocation that has not ended',
  answers: 'json',
  input: z.strictObject({ id: InvocationId, reason: Reason.optional() }),
  output: Invocation,
  errors: ['invocation_not_found', 'invocation_terminal'],
});

export const streamInvocation = operation({
  id: 'invocation.stream',
  method: 'GET',
  path: '/exec/invocations/:id/stream',
  scope: 'execution',
  summary: 'Follow an invocation to its end, output included',
  answers: 'stream',
  headers: ['Last-Event-ID'],
  input: z.strictObject({ id: InvocationId }),
  output: StreamEvents,
  events: INVOCATION_EVENTS,
  errors: ['invocation_not_found'],
});
