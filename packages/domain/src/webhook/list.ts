import { listWebhooks, type Page, type ParsedInputOf, type Webhook } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { presentWebhook } from './present.ts';

/** Lists the webhooks of the project, newest first. */
export const list = (ctx: VerbContext, page: ParsedInputOf<typeof listWebhooks>): Promise<Page<Webhook>> =>
  readPage({ projectId: ctx.projectId, route: listWebhooks.id, filter: {} }, page, {
    rows: (slice) => ctx.store.read.webhooks.list(ctx.projectId, slice),
    position: positionOf,
    present: presentWebhook,
  });
