import { ROUTES } from '@xem/client';
import { prefixedForm, TOOL_NAME_FORM, WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { duration, flag, id, many, requiredId, text } from '../flag.ts';
import { answerCall } from './answer-call.ts';
import { readArguments } from './read-arguments.ts';

export const invoke = command({
  about:
    'Prints the invocation. With --wait it follows the run, writes what the tool writes byte for byte, and ends with the outcome: 0 completed, 1 failed, 3 rejected, 6 timeout, 7 cancelled. A destructive or irreversible tool waits for a human first; the address to decide at is printed.',
  flags: {
    workspace: requiredId(WORKSPACE_ID_FORM, 'The workspace to run in; agents show theirs'),
    tool: requiredId(TOOL_NAME_FORM, 'The tool, as exec tools names it'),
    args: text(
      'JSON|@FILE|-',
      'Its arguments as a JSON object; @FILE reads it from a file, - from standard input',
    ),
    arg: many(
      'KEY=VALUE',
      'One argument as KEY=VALUE, typed by the schema of the tool; KEY:=JSON takes JSON as it stands',
    ),
    wait: flag('Follow the run to its end'),
    reason: text('TEXT', 'Why, for the approver and the journal'),
    agent: id(prefixedForm('agt'), 'Only on this agent'),
    toolTimeout: duration('Less time for the tool than it declares'),
    idempotencyKey: text('KEY', 'The same key never makes a second invocation; drawn by chance unless given'),
  },
  run: async (session, { flags }) => {
    const args = await readArguments(session, flags);
    const input = {
      workspace_id: flags.workspace,
      tool: flags.tool,
      args,
      reason: flags.reason,
      agent_id: flags.agent,
      timeout_ms: flags.toolTimeout,
      dry_run: session.flags.dryRun || undefined,
    };
    const idempotencyKey = flags.idempotencyKey ?? session.io.ids.uuid();
    const { data, headers } = await session.call(ROUTES['invocation.create'], input, { idempotencyKey });
    if (headers.replayed)
      await session.print.note('The key was used before: this is the invocation it made.');
    if (data.object === 'invocation') return answerCall(session, data, flags.wait ?? false);
    await session.print.object(data);
    return 0;
  },
});
