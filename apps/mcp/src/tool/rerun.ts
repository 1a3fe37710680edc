import { ROUTES } from '@xem/client';
import { ExecutionId, Reason } from '@xem/protocol';
import { z } from 'zod';
import { WAIT_SECONDS_MAX } from '../answer/next-step.ts';
import { Outcome } from '../answer/outcome.ts';
import { refuseHidden } from '../catalog/resolve.ts';
import { carryOut } from '../invocation/carry-out.ts';
import { fixedTool } from './fixed-tool.ts';

/** Ask for the call of an earlier execution again. */
export const rerun = fixedTool({
  name: 'rerun',
  title: 'Run an execution again',
  says: 'Ask for the same call again, as a new invocation that passes all the gates: a human may have to approve it.',
  operation: 'execution.rerun',
  input: z.strictObject({
    execution_id: ExecutionId,
    reason: Reason.optional().describe('Why you ask, for the human who may have to decide.'),
    wait_seconds: z.number().min(0).max(WAIT_SECONDS_MAX).default(WAIT_SECONDS_MAX),
  }),
  output: Outcome,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  run: async (call, { execution_id: id, reason, wait_seconds: seconds }) => {
    const { client, parts } = call.caller;
    const { data: before } = await client.call(ROUTES['execution.get'], { id }, { signal: call.signal });
    await refuseHidden(call, { word: before.tool, workspaceId: before.workspace_id });
    const options = { idempotencyKey: parts.ids.uuid() };
    const { data } = await client.call(ROUTES['execution.rerun'], { id, reason }, options);
    return carryOut(call, data, seconds);
  },
});
