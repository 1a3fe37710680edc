import type { TestCall } from '@xem/domain';
import type { WebhookTest } from '@xem/protocol';
import { answerJson } from './answer.ts';
import type { Answer } from './bind.ts';

/** Sends a test call while its caller waits, and answers what came of it. */
export const answerWebhookTest: Answer<TestCall> = async (request, { webhookId, eventId, message }) => {
  const { post, services } = request.edge;
  const startedAt = services.clock.monotonic();
  const { responseStatus, error } = await post(message, request.c.req.raw.signal);
  const outcome: WebhookTest = {
    object: 'webhook_test',
    webhook_id: webhookId,
    event_id: eventId,
    delivered: error === null,
    response_status: responseStatus,
    error,
    duration_ms: Math.round(services.clock.monotonic() - startedAt),
  };
  return answerJson(request, 200, outcome);
};
