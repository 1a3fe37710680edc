import { ROUTES } from '@xem/client';
import { DELIVERY_STATUSES, prefixedForm, type WebhookDelivery } from '@xem/protocol';
import type { Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { argument, choice, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { eventOf } from './event-words.ts';

const COLUMNS: readonly Column<WebhookDelivery>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Event', of: ({ event }) => event },
  { title: 'Status', of: ({ status }) => status },
  { title: 'Attempts', of: ({ attempts }) => attempts },
  { title: 'Answer', of: (row) => row.response_status },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Next attempt', of: (row) => row.next_attempt_at, wide: true },
  { title: 'Ended', of: (row) => row.ended_at, wide: true },
  { title: 'Event ID', of: (row) => row.event_id, wide: true },
  { title: 'Error', of: ({ error }) => error, wide: true, elastic: true },
];

const id = argument('WEBHOOK-ID', 'The id of the webhook', prefixedForm('whk'));

export const deliveries = command({
  args: { id },
  flags: {
    ...PAGING,
    status: choice(DELIVERY_STATUSES, 'Only those in this state'),
    event: text('EVENT', 'Only those of this event, like exec.completed'),
  },
  run: async (session, { flags, args }) => {
    const filter = {
      id: args.id,
      status: flags.status,
      event: flags.event === undefined ? undefined : eventOf(flags.event),
    };
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['webhook.deliveries'], { ...request, ...filter });
      return data;
    });
    await session.print.list(page, COLUMNS);
  },
});

export const redeliver = command({
  about: 'The same event and body, as a new delivery.',
  args: { id, deliveryId: argument('DELIVERY-ID', 'The id of the delivery', prefixedForm('dlv')) },
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['webhook.redeliver'], {
      id: args.id,
      delivery_id: args.deliveryId,
    });
    await session.print.object(data, { first: ['id', 'event', 'status'] });
  },
});
