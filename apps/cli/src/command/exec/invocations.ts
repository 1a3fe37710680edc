import { ROUTES } from '@xem/client';
import {
  INVOCATION_STATUSES,
  prefixedForm,
  SURFACES,
  TOOL_NAME_FORM,
  WORKSPACE_ID_FORM,
} from '@xem/protocol';
import { sinceTime } from '../../time.ts';
import { command } from '../command.ts';
import { choice, id, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { INVOCATION_COLUMNS } from './columns.ts';

export const invocations = command({
  flags: {
    ...PAGING,
    status: choice(INVOCATION_STATUSES, 'Only those in this state'),
    since: text('TIME', 'Only those created since: 2h, or 2026-01-31T08:00:00Z'),
    until: text('TIME', 'Only those created before this'),
    tool: id(TOOL_NAME_FORM, 'Only calls of this tool'),
    workspace: id(WORKSPACE_ID_FORM, 'Only calls in this workspace'),
    agent: id(prefixedForm('agt'), 'Only calls that run on this agent'),
    requester: id(prefixedForm('prn'), 'Only calls that this principal asked for'),
    surface: choice(SURFACES, 'Only calls that came in this way'),
  },
  run: async (session, { flags }) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['invocation.list'], {
        ...request,
        status: flags.status,
        tool: flags.tool,
        workspace_id: flags.workspace,
        agent_id: flags.agent,
        requested_by: flags.requester,
        surface: flags.surface,
        created_after: sinceTime(flags.since, session.io.clock),
        created_before: sinceTime(flags.until, session.io.clock, 'until'),
      });
      return data;
    });
    await session.print.list(page, INVOCATION_COLUMNS);
  },
});
