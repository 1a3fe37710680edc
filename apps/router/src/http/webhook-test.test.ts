import { Webhook, WebhookTest } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inHttpWorld, refusalOf } from '../testing/http-world.ts';

test('webhook.test sends a call now and answers what came of it', () =>
  inHttpWorld(async ({ call, seed }) => {
    const key = seed.keys.operator;
    const made = await call('POST /v1/webhooks', { key, body: { url: 'https://hooks.example.com/' } });
    expect(made.status).toBe(201);
    const { id } = Webhook.parse(await made.json());
    const answer = await call(`POST /v1/webhooks/${id}/test`, { key });
    expect(WebhookTest.parse(await answer.json())).toMatchObject({
      webhook_id: id,
      delivered: true,
      response_status: 204,
      error: null,
    });
  }));

const NONE = 'whk_000000000000000000000000';
const NOT_FOUND = { status: 404, code: 'webhook_not_found', param: null };

test.each([
  ['GET /v1/webhooks/whk_1', NOT_FOUND],
  [`GET /v1/webhooks/${NONE}`, NOT_FOUND],
  [`POST /v1/webhooks/${NONE}/deliveries/x/redeliver`, NOT_FOUND],
  [
    `GET /v1/webhooks/${NONE}/deliveries?event=exec.nothing`,
    { status: 400, code: 'invalid_body', param: 'event' },
  ],
])('%s is refused with %j', (line, refusal) =>
  inHttpWorld(async ({ call, seed }) => {
    expect(await refusalOf(await call(line, { key: seed.keys.operator }))).toEqual(refusal);
  }),
);

test.each([
  [{ url: 'https://localhost/' }, '/url'],
  [{ url: 'https://hooks.example.com/', events: ['exec.nothing'] }, '/events/0'],
  [{ url: 'https://hooks.example.com/', secret: 'short' }, '/secret'],
  [{}, '/url'],
])('webhook.create refuses %j for %s', (body, param) =>
  inHttpWorld(async ({ call, seed }) => {
    const answer = await call('POST /v1/webhooks', { key: seed.keys.operator, body });
    expect(await refusalOf(answer)).toEqual({ status: 400, code: 'invalid_body', param });
  }),
);
