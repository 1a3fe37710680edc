import { json, pageSample, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const HOOK = `whk_${'7'.repeat(24)}`;
const DELIVERY = `dlv_${'8'.repeat(24)}`;

const WEBHOOK = {
  object: 'webhook',
  id: HOOK,
  url: 'https://hooks.example.com/',
  description: null,
  events: null,
  enabled: true,
  last_delivered_at: null,
  failing_since: '2026-01-01T00:00:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
};

const SENT = {
  object: 'webhook_delivery',
  id: DELIVERY,
  event: 'exec.failed',
  status: 'failed',
  attempts: 6,
  response_status: 503,
  error: 'the target answered 503',
  created_at: '2026-01-01T00:00:00.000Z',
};

test('webhooks lists them with the events each is sent', async () => {
  await using server = await startServer({
    'GET /v1/webhooks': (_, response) =>
      json(response, pageSample([WEBHOOK, { ...WEBHOOK, enabled: false, events: ['exec.failed'] }])),
  });
  const { stdout } = await xeroctl(['webhooks'], server);
  expect(stdout).toMatch(/^ID +URL +Enabled +Events +Failing since\n/);
  expect(stdout).toMatch(/yes +all +2026-01-01T00:00:00.000Z\n.*no +exec\.failed/);
});

test('webhooks deliveries tells how each went', async () => {
  await using server = await startServer({
    [`GET /v1/webhooks/${HOOK}/deliveries`]: (_, response) => json(response, pageSample([SENT])),
  });
  const words = ['webhooks', 'deliveries', HOOK, '--status', 'failed', '--event', 'exec.failed'];
  const { stdout } = await xeroctl([...words, '-o', 'wide'], server);
  expect(stdout).toMatch(/exec\.failed +failed +6 +503 .*the target answered 503/);
  expect(server.received[0]?.url).toContain('status=failed&event=exec.failed');
});

test.each([
  {
    words: ['webhooks', 'create', '--url', WEBHOOK.url, '--event', 'exec.failed,exec.timeout'],
    route: 'POST /v1/webhooks',
    body: { url: WEBHOOK.url, events: ['exec.failed', 'exec.timeout'] },
  },
  {
    words: ['webhooks', 'create', '--url', WEBHOOK.url, '--description', 'pager'],
    route: 'POST /v1/webhooks',
    body: { url: WEBHOOK.url, description: 'pager' },
  },
  { words: ['webhooks', HOOK], route: `GET /v1/webhooks/${HOOK}` },
  {
    words: ['webhooks', 'update', HOOK, '--event', 'all', '--description', 'none', '--enabled', 'off'],
    route: `PATCH /v1/webhooks/${HOOK}`,
    body: { events: null, description: null, enabled: false },
  },
  { words: ['webhooks', 'delete', HOOK, '--yes'], route: `DELETE /v1/webhooks/${HOOK}` },
  { words: ['webhooks', 'rotate-secret', HOOK], route: `POST /v1/webhooks/${HOOK}/rotate-secret`, body: {} },
  {
    words: ['webhooks', 'redeliver', HOOK, DELIVERY],
    route: `POST /v1/webhooks/${HOOK}/deliveries/${DELIVERY}/redeliver`,
    body: {},
  },
])('$words asks for $route', async ({ words, route, body }) => {
  await using server = await startServer({ [route]: (_, response) => json(response, WEBHOOK) });
  const { exit } = await xeroctl([...words, '-o', 'json'], server);
  expect(exit).toBe(0);
  const sent = server.received[0]?.body ?? '';
  expect(sent === '' ? undefined : JSON.parse(sent)).toEqual(body);
});

test.each([
  [true, 0],
  [false, 1],
])('webhooks test ends by whether it got through: %j is %i', async (delivered, exit) => {
  await using server = await startServer({
    [`POST /v1/webhooks/${HOOK}/test`]: (_, response) =>
      json(response, { object: 'webhook_test', delivered, response_status: 401, error: 'no' }),
  });
  expect(await xeroctl(['webhooks', 'test', HOOK], server)).toMatchObject({ exit });
});

test.each([
  [['webhooks', 'create']],
  [['webhooks', 'create', '--url', WEBHOOK.url, '--event', 'failed']],
  [['webhooks', 'update', HOOK]],
  [['webhooks', 'delete', HOOK]],
  [['webhooks', 'show', 'whk_1']],
  [['webhooks', 'deliveries', HOOK, '--event', 'x']],
])('%j is a wrong use', async (words) => {
  expect(await xeroctl(words, { baseUrl: 'http://127.0.0.1:1' })).toMatchObject({ exit: 2, stdout: '' });
});
