import { ROUTES } from '@xem/client';
import { WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument } from '../flag.ts';
import { WORKSPACE_VIEW } from './columns.ts';

export const show = command({
  args: { id: argument('WORKSPACE-ID', 'The id of the workspace', WORKSPACE_ID_FORM) },
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['workspace.get'], { workspace_id: args.id });
    await session.print.object(data, WORKSPACE_VIEW);
  },
});
