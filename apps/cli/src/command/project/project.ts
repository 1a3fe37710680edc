import { ROUTES, type Route } from '@xem/client';
import { command } from '../command.ts';
import { text } from '../flag.ts';

const FIRST = ['id', 'slug', 'name', 'paused', 'plan', 'rate', 'billing', 'tariff', 'credit'];

export const show = command({
  run: async (session) => {
    const { data } = await session.call(ROUTES['project.get'], {});
    await session.print.object(data, { first: FIRST });
  },
});

const pausing = <Id extends 'project.pause' | 'project.resume'>(route: Route<Id>) =>
  command({
    flags: { reason: text('TEXT', 'Why; kept in the journal and shown to others') },
    run: async (session, { flags }) => {
      const input = { reason: flags.reason };
      const { data } = await session.call<'project.pause' | 'project.resume'>(route, input);
      await session.print.object(data, { first: FIRST });
    },
  });

export const pause = pausing(ROUTES['project.pause']);
export const resume = pausing(ROUTES['project.resume']);
