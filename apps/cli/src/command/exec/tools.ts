import { ROUTES } from '@xem/client';
import { RISKS, WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { choice, flag, id, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { TOOL_COLUMNS } from './columns.ts';

export const tools = command({
  flags: {
    ...PAGING,
    workspace: id(WORKSPACE_ID_FORM, 'Only tools that this workspace can use'),
    domain: text('NAME', 'Only tools of this domain'),
    risk: choice(RISKS, 'Only tools of this risk'),
    search: text('WORDS', 'Only tools that speak of this'),
    online: flag('Only tools that an online agent has'),
  },
  run: async (session, { flags }) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['tool.list'], {
        ...request,
        workspace_id: flags.workspace,
        domain: flags.domain,
        risk: flags.risk,
        q: flags.search,
        online: flags.online ? 'true' : undefined,
      });
      return data;
    });
    await session.print.list(page, TOOL_COLUMNS);
  },
});
