import { ROUTES } from '@xem/client';
import { PRINCIPAL_KINDS, type Principal } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { argument, choice, many } from '../flag.ts';
import { PAGING } from '../globals.ts';

const COLUMNS: readonly Column<Principal>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Kind', of: ({ kind }) => kind },
  { title: 'Name', of: ({ name }) => name },
  { title: 'Groups', of: ({ groups }) => groups.join(',') },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Disabled', of: ({ disabled }) => disabled, wide: true },
];

export const list = command({
  flags: PAGING,
  run: async (session) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['principal.list'], request);
      return data;
    });
    await session.print.list(page, COLUMNS);
  },
});

export const create = command({
  flags: {
    kind: choice(PRINCIPAL_KINDS, 'A person, or a program'),
    group: many('NAME', 'A group it belongs to'),
  },
  args: { name: argument('NAME', 'What to call it') },
  run: async (session, { flags, args }) => {
    if (flags.kind === undefined) throw new UsageError(`give --kind one of ${PRINCIPAL_KINDS.join(', ')}`);
    const input = { kind: flags.kind, name: args.name, groups: flags.group && [...flags.group] };
    const { data } = await session.call(ROUTES['principal.create'], input);
    await session.print.object(data, { first: ['id', 'kind', 'name'] });
  },
});
