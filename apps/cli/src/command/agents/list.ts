import { ROUTES } from '@xem/client';
import { AGENT_STATUSES, WORKSPACE_ID_FORM, type Agent } from '@xem/protocol';
import { paintWord } from '../../render/paint.ts';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { choice, id } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { pausedWord } from '../paused.ts';

const AGENT_COLUMNS: readonly Column<Agent>[] = [
  { title: 'ID', of: ({ id: own }) => own },
  { title: 'Name', of: (row) => row.registration_name, elastic: true },
  { title: 'Status', of: ({ status }) => status, paint: paintWord },
  { title: 'Workspaces', of: ({ workspaces }) => workspaces.map((one) => one.id).join(','), elastic: true },
  { title: 'Tools', of: ({ manifest }) => manifest.tools },
  { title: 'Last seen', of: (row) => row.last_seen_at },
  { title: 'Paused', of: pausedWord, wide: true },
  { title: 'Version', of: ({ version }) => version, wide: true },
  { title: 'Busy', of: ({ capacity }) => `${capacity.in_flight}/${capacity.slots}`, wide: true },
];

export const list = command({
  flags: {
    ...PAGING,
    status: choice(AGENT_STATUSES, 'Only those in this state'),
    workspace: id(WORKSPACE_ID_FORM, 'Only those that serve this workspace'),
  },
  run: async (session, { flags }) => {
    const page = await session.list(async (request) => {
      const input = { ...request, status: flags.status, workspace_id: flags.workspace };
      const { data } = await session.call(ROUTES['agent.list'], input);
      return data;
    });
    await session.print.list(page, AGENT_COLUMNS);
  },
});
