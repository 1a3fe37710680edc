import { ROUTES } from '@xem/client';
import { InvocationId, Reason } from '@xem/protocol';
import { z } from 'zod';
import { Outcome, tell, toOutcome } from '../answer/outcome.ts';
import { fixedTool } from './fixed-tool.ts';

/** Stop a call that has not ended. */
export const cancel = fixedTool({
  name: 'cancel',
  title: 'Cancel an invocation',
  says: 'Stop a call that has not ended: it leaves the queue, or its process group is ended on the agent.',
  operation: 'invocation.cancel',
  input: z.strictObject({ id: InvocationId, reason: Reason.optional() }),
  output: Outcome,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async ({ caller, signal }, input) => {
    const { data } = await caller.client.call(ROUTES['invocation.cancel'], input, { signal });
    return tell(toOutcome(data), { failureIsError: false });
  },
});
