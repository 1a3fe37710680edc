import { ROUTES } from '@xem/client';
import { APPROVAL_STATUSES, RISKS, TOOL_NAME_FORM, UUID_FORM, WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { choice, id } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { APPROVAL_COLUMNS } from './columns.ts';

export const list = command({
  flags: {
    ...PAGING,
    risk: choice(RISKS, 'Only those of this risk'),
    status: choice(APPROVAL_STATUSES, 'Only those in this state'),
    workspace: id(WORKSPACE_ID_FORM, 'Only those of this workspace'),
    tool: id(TOOL_NAME_FORM, 'Only those of this tool'),
    invocation: id(UUID_FORM, 'Only those of this invocation'),
  },
  run: async (session, { flags }) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['approval.list'], {
        ...request,
        risk: flags.risk,
        status: flags.status,
        tool: flags.tool,
        workspace_id: flags.workspace,
        invocation_id: flags.invocation,
      });
      return data;
    });
    await session.print.list(page, APPROVAL_COLUMNS);
  },
});
