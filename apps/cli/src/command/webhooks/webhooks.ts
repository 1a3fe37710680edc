import { ROUTES } from '@xem/client';
import { prefixedForm, type Webhook } from '@xem/protocol';
import { askYes, assertSomebody } from '../../ask-yes.ts';
import { UsageError } from '../../exit.ts';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { argument, choice, flag, many, required, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { eventsOf } from './event-words.ts';

const COLUMNS: readonly Column<Webhook>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'URL', of: ({ url }) => url, elastic: true },
  { title: 'Enabled', of: ({ enabled }) => (enabled ? 'yes' : 'no') },
  { title: 'Events', of: ({ events }) => events?.join(',') ?? 'all', elastic: true },
  { title: 'Failing since', of: (row) => row.failing_since },
  { title: 'Delivered', of: (row) => row.last_delivered_at, wide: true },
  { title: 'Description', of: ({ description }) => description, wide: true, elastic: true },
  { title: 'Created', of: (row) => row.created_at, wide: true },
];

const VIEW = {
  first: ['id', 'url', 'secret', 'enabled', 'events', 'description', 'failing_since'],
  none: { events: 'all', failing_since: 'it does not fail', last_delivered_at: 'never' },
};

const args = { id: argument('WEBHOOK-ID', 'The id of the webhook', prefixedForm('whk')) };

const EVENTS = 'An event it is sent, like exec.completed; several, or all';
const CLEAR = 'none';
const KEEP_SECRET = 'Keep the secret now: it is not shown again.';

export const list = command({
  flags: PAGING,
  run: async (session) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['webhook.list'], request);
      return data;
    });
    await session.print.list(page, COLUMNS);
  },
});

export const show = command({
  args,
  run: async (session, { args: { id } }) => {
    const { data } = await session.call(ROUTES['webhook.get'], { id });
    await session.print.object(data, VIEW);
  },
});

export const create = command({
  about: 'It is sent what happens from now on. The secret that signs is shown once.',
  flags: {
    url: required('URL', 'Where events are sent; https'),
    event: many('EVENT', `${EVENTS} unless said`),
    description: text('TEXT', 'What it is for'),
  },
  run: async (session, { flags }) => {
    const { data } = await session.call(ROUTES['webhook.create'], {
      url: flags.url,
      events: eventsOf(flags.event),
      description: flags.description,
    });
    await session.print.object(data, VIEW);
    await session.print.hint(KEEP_SECRET);
  },
});

/** @throws UsageError */
function assertChange(flags: Readonly<Record<string, unknown>>): void {
  if (['url', 'event', 'description', 'enabled'].every((name) => flags[name] === undefined))
    throw new UsageError('nothing to change: give --url, --event, --description or --enabled');
}

export const update = command({
  about: 'What waits is sent to the new URL. Switched off, it is sent nothing; on again, what happens then.',
  args,
  flags: {
    url: text('URL', 'Where events are sent; https'),
    event: many('EVENT', EVENTS),
    description: text('TEXT', 'What it is for; none takes it away'),
    enabled: choice(['on', 'off'], 'Whether it is sent anything'),
  },
  run: async (session, { flags, args: { id } }) => {
    assertChange(flags);
    const { data } = await session.call(ROUTES['webhook.update'], {
      id,
      url: flags.url,
      events: eventsOf(flags.event),
      description: flags.description === CLEAR ? null : flags.description,
      enabled: flags.enabled && flags.enabled === 'on',
    });
    await session.print.object(data, VIEW);
  },
});

export const remove = command({
  about: 'Its deliveries go with it.',
  args,
  flags: { yes: flag('Do not ask') },
  letters: { y: 'yes' },
  run: async (session, { flags, args: { id } }) => {
    if (!flags.yes) {
      assertSomebody(session.io, '--yes does it without asking');
      await askYes(session.io, `Delete webhook ${id}?`, 'nothing was changed');
    }
    const { data } = await session.call(ROUTES['webhook.delete'], { id });
    await session.print.object(data, { first: ['id', 'deleted'] });
  },
});

export const test = command({
  about: 'Sends an exec.test event at once. Ends with 1 when it did not get through.',
  args,
  run: async (session, { args: { id } }) => {
    const { data } = await session.call(ROUTES['webhook.test'], { id });
    await session.print.object(data, { first: ['delivered', 'response_status', 'error', 'duration_ms'] });
    return data.delivered ? 0 : 1;
  },
});

export const rotateSecret = command({
  about: 'What is sent from now on is signed with the new secret, what waits too.',
  args,
  run: async (session, { args: { id } }) => {
    const { data } = await session.call(ROUTES['webhook.rotate_secret'], { id });
    await session.print.object(data, VIEW);
    await session.print.hint(KEEP_SECRET);
  },
});
