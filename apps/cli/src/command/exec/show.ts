import { ROUTES } from '@xem/client';
import { UUID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument } from '../flag.ts';
import { EXECUTION_FIRST } from './columns.ts';

export const show = command({
  args: { id: argument('EXECUTION-ID', 'The id of the execution', UUID_FORM) },
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['execution.get'], { id: args.id });
    await session.print.object(data, { first: EXECUTION_FIRST });
  },
});
