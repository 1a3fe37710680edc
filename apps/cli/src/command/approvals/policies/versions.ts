import { ROUTES } from '@xem/client';
import { prefixedForm } from '@xem/protocol';
import { command } from '../../command.ts';
import { argument } from '../../flag.ts';
import { PAGING } from '../../globals.ts';
import { POLICY_COLUMNS } from './columns.ts';

export const versions = command({
  flags: PAGING,
  args: { id: argument('POLICY-ID', 'The id of the policy', prefixedForm('pol')) },
  run: async (session, { args }) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['policy.versions'], { ...request, id: args.id });
      return data;
    });
    await session.print.list(page, [
      ...POLICY_COLUMNS,
      { title: 'Deleted', of: ({ retired }) => retired, wide: true },
    ]);
  },
});
