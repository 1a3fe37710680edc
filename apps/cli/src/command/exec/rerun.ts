import { ROUTES } from '@xem/client';
import { UUID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument, flag, text } from '../flag.ts';
import { answerCall } from './answer-call.ts';

export const rerun = command({
  about: 'A new invocation with the same tool, arguments and workspace. A gated tool needs a fresh approval.',
  flags: {
    wait: flag('Follow the run to its end'),
    reason: text('TEXT', 'Why, for the approver and the journal'),
    idempotencyKey: text('KEY', 'The same key never makes a second invocation; drawn by chance unless given'),
  },
  args: { id: argument('EXECUTION-ID', 'The id of the execution', UUID_FORM) },
  run: async (session, { flags, args }) => {
    const idempotencyKey = flags.idempotencyKey ?? session.io.ids.uuid();
    const input = { id: args.id, reason: flags.reason };
    const { data } = await session.call(ROUTES['execution.rerun'], input, { idempotencyKey });
    return answerCall(session, data, flags.wait ?? false);
  },
});
