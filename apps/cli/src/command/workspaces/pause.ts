import { ROUTES, type Route } from '@xem/client';
import { WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument, text } from '../flag.ts';
import { WORKSPACE_VIEW } from './columns.ts';

const pausing = <Id extends 'workspace.pause' | 'workspace.resume'>(route: Route<Id>) =>
  command({
    args: { id: argument('WORKSPACE-ID', 'The id of the workspace', WORKSPACE_ID_FORM) },
    flags: { reason: text('TEXT', 'Why; kept in the journal and shown to others') },
    run: async (session, { flags, args: { id } }) => {
      const input = { workspace_id: id, reason: flags.reason };
      const { data } = await session.call<'workspace.pause' | 'workspace.resume'>(route, input);
      await session.print.object(data, WORKSPACE_VIEW);
    },
  });

export const pause = pausing(ROUTES['workspace.pause']);
export const resume = pausing(ROUTES['workspace.resume']);
