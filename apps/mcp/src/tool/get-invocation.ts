import { InvocationId } from '@xem/protocol';
import { z } from 'zod';
import { WAIT_SECONDS_MAX } from '../answer/next-step.ts';
import { Outcome, tell, toOutcome } from '../answer/outcome.ts';
import { findOut } from '../invocation/find-out.ts';
import { awaitEnd, look } from '../invocation/wait.ts';
import { fixedTool, READS } from './fixed-tool.ts';

/** What became of a call; waits for its end when asked to, through a human's decision too. */
export const getInvocation = fixedTool({
  name: 'get_invocation',
  title: 'Read an invocation',
  says:
    'What became of a call: its state, exit code and the first of its output, or the human’s reason when it was ' +
    'refused. Waits for the end when wait_seconds says so.',
  operation: 'invocation.get',
  input: z.strictObject({
    id: InvocationId.describe('The invocation_id that exec.invoke answered with.'),
    wait_seconds: z.number().min(0).max(WAIT_SECONDS_MAX).default(0),
  }),
  output: Outcome,
  annotations: READS,
  run: async (call, { id, wait_seconds: seconds }) => {
    const known = await look(call, id, 0);
    const latest = await awaitEnd(call, known, { seconds, throughGate: true });
    return tell(toOutcome(latest, await findOut(call, latest)), { failureIsError: false });
  },
});
