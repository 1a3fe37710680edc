import { ROUTES } from '@xem/client';
import { WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../../command.ts';
import { id } from '../../flag.ts';
import { PAGING } from '../../globals.ts';
import { POLICY_COLUMNS } from './columns.ts';

export const list = command({
  about: 'The project has one, and workspaces may have their own in its place.',
  flags: { ...PAGING, workspace: id(WORKSPACE_ID_FORM, 'Only the one that governs this workspace') },
  run: async (session, { flags }) => {
    const page = await session.list(async (request) => {
      const filter = { ...request, workspace_id: flags.workspace };
      const { data } = await session.call(ROUTES['policy.list'], filter);
      return data;
    });
    await session.print.list(page, POLICY_COLUMNS);
  },
});
