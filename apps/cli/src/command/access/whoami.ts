import { ROUTES } from '@xem/client';
import { command } from '../command.ts';

export const whoami = command({
  run: async (session) => {
    const { data } = await session.call(ROUTES['auth.whoami'], {});
    await session.print.object(data, {
      first: ['principal', 'project', 'scopes', 'can_decide', 'key'],
      none: {
        groups: 'none',
        endpoints: 'any operation',
        'key.expires_at': 'never',
        'session.expires_at': 'never',
      },
    });
  },
});
