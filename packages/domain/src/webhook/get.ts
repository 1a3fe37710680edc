import type { getWebhook, ParsedInputOf, Webhook } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { loadWebhook } from './load.ts';
import { presentWebhook } from './present.ts';

/** Reads a webhook. @throws ExecError webhook_not_found */
export const get = async (ctx: VerbContext, { id }: ParsedInputOf<typeof getWebhook>): Promise<Webhook> =>
  presentWebhook(await loadWebhook(ctx, ctx.store.read.webhooks, id));
