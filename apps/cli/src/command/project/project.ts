import { ROUTES, type Route } from '@xem/client';
import { command } from '../command.ts';
import { text } from '../flag.ts';

/** How a project is shown. */
export const PROJECT_VIEW = {
  first: ['id', 'slug', 'name', 'paused', 'plan', 'rate', 'billing', 'tariff', 'credit'],
  none: { paused: 'no', rate: 'no limit', tariff: 'calls are free', credit: 'none is needed' },
};

export const show = command({
  run: async (session) => {
    const { data } = await session.call(ROUTES['project.get'], {});
    await session.print.object(data, PROJECT_VIEW);
  },
});

const pausing = <Id extends 'project.pause' | 'project.resume'>(route: Route<Id>) =>
  command({
    flags: { reason: text('TEXT', 'Why; kept in the journal and shown to others') },
    run: async (session, { flags }) => {
      const input = { reason: flags.reason };
      const { data } = await session.call<'project.pause' | 'project.resume'>(route, input);
      await session.print.object(data, PROJECT_VIEW);
    },
  });

export const pause = pausing(ROUTES['project.pause']);
export const resume = pausing(ROUTES['project.resume']);
