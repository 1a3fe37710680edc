import { ROUTES } from '@xem/client';
import { EXECUTION_STATUSES, WORKSPACE_ID_FORM } from '@xem/protocol';
import { sinceTime } from '../../time.ts';
import { command } from '../command.ts';
import { choice, id, text } from '../flag.ts';
import { takeOut } from './take-out.ts';

export const executions = command({
  about: 'One JSON object a line, each with its invocation, newest first. The journal keeps who took what.',
  flags: {
    since: text('TIME', 'Only those created since: 7d, or 2026-01-31T08:00:00Z'),
    until: text('TIME', 'Only those created before this'),
    status: choice(EXECUTION_STATUSES, 'Only executions in this state'),
    tool: text('NAME', 'Only executions of this tool'),
    workspace: id(WORKSPACE_ID_FORM, 'Only executions in this workspace'),
    file: text('PATH', 'Write to this file'),
  },
  run: async (session, { flags }) => {
    const input = {
      created_after: sinceTime(flags.since, session.io.clock),
      created_before: sinceTime(flags.until, session.io.clock, 'until'),
      status: flags.status,
      tool: flags.tool,
      workspace_id: flags.workspace,
    };
    await takeOut(session, { route: ROUTES['export.executions'], input, path: flags.file });
  },
});
