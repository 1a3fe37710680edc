import { ROUTES } from '@xem/client';
import { command } from '../command.ts';

export const whoami = command({
  run: async (session) => {
    const { data } = await session.call(ROUTES['auth.whoami'], {});
    await session.print.object(data, { first: ['principal', 'project', 'scopes', 'can_decide', 'key'] });
  },
});
