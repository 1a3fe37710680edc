import { ROUTES } from '@xem/client';
import { WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { BINDING_COLUMNS } from './columns.ts';

export const bindings = command({
  flags: PAGING,
  args: { id: argument('WORKSPACE-ID', 'The id of the workspace', WORKSPACE_ID_FORM) },
  run: async (session, { args }) => {
    const page = await session.list(async (request) => {
      const input = { ...request, workspace_id: args.id };
      const { data } = await session.call(ROUTES['workspace.bindings'], input);
      return data;
    });
    await session.print.list(page, BINDING_COLUMNS);
  },
});
