import { ROUTES, type Route } from '@xem/client';
import { prefixedForm } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import { command } from '../command.ts';
import { argument, flag, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { JOURNAL_COLUMNS } from '../journal/columns.ts';

const args = { id: argument('AGENT-ID', 'The id of the agent', prefixedForm('agt')) };

const FIRST = ['id', 'registration_name', 'status', 'paused', 'workspaces', 'actions'];

const pausing = <Id extends 'agent.pause' | 'agent.resume'>(route: Route<Id>, about: string) =>
  command({
    about,
    args,
    flags: { reason: text('TEXT', 'Why; kept in the journal and shown to others') },
    run: async (session, { flags, args: { id } }) => {
      const input = { id, reason: flags.reason };
      const { data } = await session.call<'agent.pause' | 'agent.resume'>(route, input);
      await session.print.object(data, { first: FIRST });
    },
  });

export const pauseExec = pausing(
  ROUTES['agent.pause'],
  'What it runs goes on. Calls that only paused agents could take wait, and their clocks stand still.',
);

export const resumeExec = pausing(ROUTES['agent.resume'], 'What waited for it is given to it at once.');

export const update = command({
  args,
  flags: {
    region: text('NAME', 'Where the agent is'),
    noRegion: flag('Forget where the agent is'),
  },
  run: async (session, { flags, args: { id } }) => {
    if ((flags.region === undefined) === (flags.noRegion === undefined))
      throw new UsageError('nothing to change: give --region NAME, or --no-region');
    const { data } = await session.call(ROUTES['agent.update'], { id, region: flags.region ?? null });
    await session.print.object(data, { first: ['id', 'registration_name', 'region'] });
  },
});

export const events = command({
  args,
  flags: PAGING,
  run: async (session, { args: { id } }) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['agent.events'], { ...request, id });
      return data;
    });
    await session.print.list(page, JOURNAL_COLUMNS);
  },
});
