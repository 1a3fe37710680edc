import { ROUTES } from '@xem/client';
import {
  AgentId,
  CREATED_SPAN,
  Execution,
  ExecutionId,
  ExecutionStatusWord,
  InvocationId,
  listExecutions as listOperation,
  ToolName,
  WorkspaceId,
} from '@xem/protocol';
import { z } from 'zod';
import { tellPlainly } from '../answer/plain.ts';
import { fixedTool, PAGE, READS } from './fixed-tool.ts';

/** Runs of the project, newest first. */
export const listExecutions = fixedTool({
  name: 'list_executions',
  title: 'List executions',
  says: 'Runs on agents, newest first, with status and exit code. Filters and pages.',
  operation: 'execution.list',
  input: z.strictObject({
    ...PAGE,
    status: ExecutionStatusWord.optional(),
    tool: ToolName.optional().describe('The name of a tool, not its alias.'),
    workspace_id: WorkspaceId.optional(),
    agent_id: AgentId.optional(),
    invocation_id: InvocationId.optional(),
    ...CREATED_SPAN,
  }),
  output: listOperation.output,
  annotations: READS,
  run: async ({ caller, signal }, input) =>
    tellPlainly((await caller.client.call(ROUTES['execution.list'], input, { signal })).data),
});

/** One run. */
export const getExecution = fixedTool({
  name: 'get_execution',
  title: 'Read an execution',
  says: 'One run on one agent: status, exit code, who ended it, sizes and hashes of what it wrote.',
  operation: 'execution.get',
  input: z.strictObject({ id: ExecutionId }),
  output: Execution,
  annotations: READS,
  run: async ({ caller, signal }, input) =>
    tellPlainly((await caller.client.call(ROUTES['execution.get'], input, { signal })).data),
});
