import { ROUTES } from '@xem/client';
import { prefixedForm, WORKSPACE_ID_FORM, type JoinKey } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { argument, count, duration, flag, many, text } from '../flag.ts';
import { PAGING } from '../globals.ts';

const COLUMNS: readonly Column<JoinKey>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Name', of: (row) => row.registration_name },
  { title: 'Status', of: ({ status }) => status },
  { title: 'Uses', of: (row) => `${row.uses_confirmed}/${row.uses}` },
  { title: 'Expires', of: (row) => row.expires_at },
  { title: 'Reserved', of: (row) => row.uses_reserved, wide: true },
  { title: 'Region', of: ({ region }) => region, wide: true },
  { title: 'Replaces', of: ({ replace }) => (replace ? 'yes' : 'no'), wide: true },
  { title: 'Workspaces', of: ({ workspaces }) => workspaces.join(','), wide: true, elastic: true },
  { title: 'Created by', of: (row) => row.created_by.name, wide: true },
];

const VIEW = {
  first: ['id', 'status', 'value', 'command', 'registration_name', 'workspaces', 'uses', 'expires_at'],
  none: { registration_name: 'any', workspaces: 'none', revoked_at: 'no' },
};

export const list = command({
  flags: PAGING,
  run: async (session) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['join_key.list'], request);
      return data;
    });
    await session.print.list(page, COLUMNS);
  },
});

/** The ids of workspaces, several in one word or not. @throws UsageError */
export function workspacesOf(words: readonly string[] | undefined): string[] | undefined {
  const ids = words?.flatMap((word) => word.split(','));
  const wrong = ids?.find((id) => !WORKSPACE_ID_FORM.pattern.test(id));
  if (wrong !== undefined) throw new UsageError(`--workspace ${wrong}: ${WORKSPACE_ID_FORM.says}`);
  return ids;
}

export const create = command({
  about: 'The key is shown once. Anyone who has it can enrol an agent.',
  flags: {
    name: text('NAME', 'Only an agent of this name may enrol with it'),
    region: text('NAME', 'Where the agent is'),
    uses: count('How many agents may enrol with it; 1 unless said'),
    expiresIn: duration('How long it is good for; a day unless said'),
    workspace: many('ID', 'A workspace that the agent is bound to'),
    replace: flag('Retire the agent that has the name now'),
  },
  run: async (session, { flags }) => {
    const { data } = await session.call(ROUTES['join_key.create'], {
      name: flags.name,
      region: flags.region,
      uses: flags.uses,
      expires_in_seconds: flags.expiresIn === undefined ? undefined : Math.ceil(flags.expiresIn / 1000),
      workspaces: workspacesOf(flags.workspace),
      replace: flags.replace || undefined,
    });
    await session.print.object(data, VIEW);
    await session.print.hint('Run the command on the host now: the key is not shown again.');
  },
});

export const revoke = command({
  args: { id: argument('JOIN-KEY-ID', 'The id of the join key', prefixedForm('jkr')) },
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['join_key.revoke'], { id: args.id });
    await session.print.object(data, VIEW);
  },
});
