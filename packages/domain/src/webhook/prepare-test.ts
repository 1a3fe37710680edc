import { EntryId, type ParsedInputOf, type testWebhook, type WebhookId } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { VerbContext } from '../context.ts';
import { testBody } from './event-body.ts';
import { loadWebhook } from './load.ts';
import { signedMessage, type WebhookMessage } from './message.ts';

/** A test call that is ready to be sent. */
export interface TestCall {
  readonly webhookId: WebhookId;
  readonly eventId: EntryId;
  readonly message: WebhookMessage;
}

/** Makes a test call; whoever asked sends it. One that is switched off can be tested too. @throws ExecError webhook_not_found */
export async function prepareTest(
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof testWebhook>,
): Promise<TestCall> {
  const hook = await loadWebhook(ctx, ctx.store.read.webhooks, id);
  const eventId = EntryId.parse(`evt_${ctx.ids.hex()}`);
  const at = toTimestamp(ctx.clock.now());
  const body = JSON.stringify(testBody({ id: eventId, at, projectId: ctx.projectId }));
  return { webhookId: id, eventId, message: signedMessage(ctx, hook, { eventId, body }) };
}
