import { ROUTES } from '@xem/client';
import { command } from '../command.ts';
import { argument, text } from '../flag.ts';
import { WORKSPACE_VIEW } from './columns.ts';

export const create = command({
  flags: {
    type: text('TYPE', 'What kind of target it is: cluster, tenant, hosts'),
    model: text('MODEL', 'The model that chats in it use'),
  },
  args: { name: argument('NAME', 'What to call it') },
  run: async (session, { flags, args }) => {
    const input = { name: args.name, type: flags.type, model: flags.model };
    const { data } = await session.call(ROUTES['workspace.create'], input);
    await session.print.object(data, WORKSPACE_VIEW);
    await session.print.hint(`Let an agent serve it: xeroctl workspaces bind ${data.id} AGENT-ID`);
  },
});
