import { z } from 'zod';
import { CREATED_SPAN } from '../created-span.ts';
import { Execution, ExecutionStatusWord, OutputStream } from '../entity/execution.ts';
import { Invocation, Reason } from '../entity/invocation.ts';
import { AgentId, ExecutionId, InvocationId, ToolName, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { PROJECT_EVENTS, StreamEvents } from '../entity/stream-event.ts';
import { operation } from './operation.ts';

export const listExecutions = operation({
  id: 'execution.list',
  method: 'GET',
  path: '/exec/executions',
  scope: 'execution',
  summary: 'List executions, newest first',
  answers: 'json',
  input: z.strictObject({
    ...PageQuery.shape,
    status: ExecutionStatusWord.optional(),
    tool: ToolName.optional(),
    workspace_id: WorkspaceId.optional(),
    agent_id: AgentId.optional(),
    invocation_id: InvocationId.optional(),
    ...CREATED_SPAN,
  }),
  output: pageOf(Execution, 'ExecutionList'),
  errors: [],
});

export const getExecution = operation({
  id: 'execution.get',
  method: 'GET',
  path: '/exec/executions/:id',
  scope: 'execution',
  summary: 'Read an execution',
  answers: 'json',
  input: z.strictObject({ id: ExecutionId }),
  output: Execution,
  errors: ['execution_not_found'],
});

export const readExecutionOutput = operation({
  id: 'execution.raw',
  method: 'GET',
  path: '/exec/executions/:id/raw',
  scope: 'execution',
  summary: 'Read the exact bytes of one stream',
  answers: 'blob',
  headers: ['Range'],
  input: z.strictObject({ id: ExecutionId, stream: OutputStream.default('stdout') }),
  output: z.string().meta({ id: 'Bytes', format: 'binary' }),
  errors: ['execution_not_found', 'invalid_state', 'output_expired'],
});

export const rerunExecution = operation({
  id: 'execution.rerun',
  method: 'POST',
  path: '/exec/executions/:id/rerun',
  scope: 'execution',
  summary: 'Ask for the same call again, through all the gates',
  answers: 'json',
  status: 201,
  headers: ['Idempotency-Key', 'Prefer'],
  input: z.strictObject({ id: ExecutionId, reason: Reason.optional() }),
  output: Invocation,
  errors: [
    'execution_not_found',
    'workspace_not_found',
    'exec_tool_not_found',
    'tool_ambiguous',
    'exec_idempotency_conflict',
    'insufficient_quota',
    'billing_delinquent',
    'cancelled',
  ],
});

export const streamExecutions = operation({
  id: 'execution.stream',
  method: 'GET',
  path: '/exec/executions/stream',
  scope: 'execution',
  summary: 'Follow the journal of the project',
  answers: 'stream',
  headers: ['Last-Event-ID'],
  input: z.strictObject({
    after_seq: z.coerce.number().int().min(0).optional(),
    types: z.string().max(2048).optional(),
  }),
  output: StreamEvents,
  events: PROJECT_EVENTS,
  errors: [],
});
