import { ROUTES } from '@xem/client';
import {
  EXECUTION_STATUSES,
  TOOL_NAME_FORM,
  UUID_FORM,
  WORKSPACE_ID_FORM,
  prefixedForm,
} from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import { sinceTime } from '../../time.ts';
import { command } from '../command.ts';
import { choice, flag, id, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { EXECUTION_COLUMNS } from './columns.ts';
import { followExecutions } from './follow-executions.ts';

export const list = command({
  flags: {
    ...PAGING,
    status: choice(EXECUTION_STATUSES, 'Only those in this state'),
    since: text('TIME', 'Only those created since: 2h, or 2026-01-31T08:00:00Z'),
    until: text('TIME', 'Only those created before this'),
    tool: id(TOOL_NAME_FORM, 'Only runs of this tool'),
    workspace: id(WORKSPACE_ID_FORM, 'Only runs in this workspace'),
    agent: id(prefixedForm('agt'), 'Only runs on this agent'),
    invocation: id(UUID_FORM, 'Only attempts of this invocation'),
    follow: flag('Go on with each run as it ends'),
  },
  run: async (session, { flags }) => {
    if (flags.follow && flags.until !== undefined) throw new UsageError('give --follow or --until, not both');
    const filter = {
      status: flags.status,
      tool: flags.tool,
      workspace_id: flags.workspace,
      agent_id: flags.agent,
      invocation_id: flags.invocation,
      created_after: sinceTime(flags.since, session.io.clock),
      created_before: sinceTime(flags.until, session.io.clock, 'until'),
    };
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['execution.list'], { ...request, ...filter });
      return data;
    });
    if (flags.follow) return followExecutions(session, page, filter);
    await session.print.list(page, EXECUTION_COLUMNS);
    return 0;
  },
});
