import { ExecError } from '@xem/errors';
import { createWebhook, WebhookId, type ParsedInputOf, type Webhook } from '@xem/protocol';
import type { WebhookRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { webhookFact } from './facts.ts';
import { presentWebhook } from './present.ts';
import { applySwitch } from './switch.ts';
import { targetOf } from './target.ts';

type Draft = ParsedInputOf<typeof createWebhook>;

/** As many as one project may have. */
const WEBHOOKS_MAX = 50;

/** A new secret: 32 random bytes. */
export const newSecret = ({ ids }: Pick<VerbContext, 'ids'>): string => `whsec_${ids.token()}`;

function newWebhook(ctx: VerbContext, draft: Draft, secret: string): WebhookRecord {
  const id = WebhookId.parse(`whk_${ctx.ids.hex()}`);
  return {
    id,
    version: 1,
    projectId: ctx.projectId,
    url: targetOf(ctx.settings, draft.url),
    description: draft.description ?? null,
    events: [...new Set(draft.events)],
    secret: ctx.secretBox.seal(id, secret),
    enabled: true,
    createdBy: ctx.caller.principal,
    createdAt: ctx.clock.now(),
    lastDeliveredAt: null,
    failingSince: null,
  };
}

/**
 * Has the events of the project sent to a URL, from now on; the secret is in this answer only.
 * @throws ExecError invalid_body, invalid_state
 */
export const create = (ctx: VerbContext, input: Draft): Promise<Webhook> =>
  mutate(ctx, createWebhook, async (tx) => {
    if ((await tx.webhooks.count(ctx.projectId)) >= WEBHOOKS_MAX) {
      throw new ExecError('invalid_state', `a project has at most ${WEBHOOKS_MAX} webhooks`);
    }
    const secret = input.secret ?? newSecret(ctx);
    const row = newWebhook(ctx, input, secret);
    await tx.webhooks.insert(row);
    await applySwitch(ctx, tx, row);
    return {
      result: { ...presentWebhook(row), secret },
      facts: [webhookFact('webhook.created', row)],
      committed: () => ctx.subscriptions.keep(row),
    };
  });
