import { createWebhook, DeliveryId, Webhook, WebhookId, type InputOf } from '@xem/protocol';
import { expect, test } from 'vitest';
import type { VerbContext } from '../context.ts';
import { inWorld } from '../testing/index.ts';
import { webhook } from '../verbs.ts';

const URL_ = 'https://hooks.example.com/T0KEN-IN-PATH?also=here';
const NONE = WebhookId.parse(`whk_${'0'.repeat(24)}`);
const NO_DELIVERY = DeliveryId.parse(`dlv_${'0'.repeat(24)}`);

const make = (ctx: VerbContext, input: Partial<InputOf<typeof createWebhook>> = {}): Promise<Webhook> =>
  webhook.create(ctx, createWebhook.input.parse({ url: URL_, ...input }));

test('webhook.create shows its secret once, and the journal no part of the path', () =>
  inWorld(async ({ operator, store, services }) => {
    const made = Webhook.parse(await make(operator, { events: ['exec.failed', 'exec.failed'] }));
    expect(made).toMatchObject({ url: URL_, events: ['exec.failed'], enabled: true, failing_since: null });
    expect(made.secret).toMatch(/^whsec_[\w-]{43}$/);
    const { secret, ...shown } = made;
    expect(await webhook.get(operator, { id: made.id })).toEqual(shown);
    const row = await store.read.webhooks.get(operator.projectId, made.id);
    expect(row && services.secretBox.open(made.id, row.secret)).toBe(secret);
    const [entry] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    expect(entry).toMatchObject({
      type: 'webhook.created',
      subject: { type: 'webhook', id: made.id },
      data: { origin: 'https://hooks.example.com', events: ['exec.failed'] },
    });
    expect(JSON.stringify(entry)).not.toContain('T0KEN');
    expect(services.subscriptions.all()).toEqual([made.id]);
  }));

test('webhook.create takes a secret of the caller, and every event when none is named', () =>
  inWorld(async ({ operator }) => {
    const made = await make(operator, { secret: 'a-secret-of-16-or-more' });
    expect(made).toMatchObject({ secret: 'a-secret-of-16-or-more', events: null });
  }));

test.each([
  [{ url: 'https://10.0.0.1/' }, 'invalid_body'],
  [{ url: 'http://hooks.example.com/' }, 'invalid_body'],
  [{ url: 'https://a:b@hooks.example.com/' }, 'invalid_body'],
])('webhook.create refuses %j with %s', (input, code) =>
  inWorld(({ operator }) => expect(make(operator, input)).rejects.toMatchObject({ code, param: '/url' })),
);

test('webhook.create refuses more than a project may have', () =>
  inWorld(async ({ operator }) => {
    for (let nth = 0; nth < 50; nth += 1) await make(operator);
    await expect(make(operator)).rejects.toMatchObject({ code: 'invalid_state' });
  }));

test('webhook.update changes what it names, and again changes nothing', () =>
  inWorld(async ({ operator, store, services }) => {
    const { id } = await make(operator, { description: 'pager' });
    const change = { id, events: ['exec.failed' as const], description: null, enabled: false };
    const updated = await webhook.update(operator, change);
    expect(updated).toMatchObject({ url: URL_, description: null, enabled: false, events: ['exec.failed'] });
    expect(services.subscriptions.isEmpty()).toBe(true);
    const before = await store.read.journal.head(operator.projectId);
    expect(await webhook.update(operator, change)).toEqual(updated);
    expect(await store.read.journal.head(operator.projectId)).toEqual(before);
    await webhook.update(operator, { id, events: null, enabled: true });
    expect(services.subscriptions.all()).toEqual([id]);
    await expect(webhook.update(operator, { id, url: 'https://127.1/' })).rejects.toMatchObject({
      code: 'invalid_body',
    });
  }));

test('webhook.rotate_secret replaces the secret and shows the new one once', () =>
  inWorld(async ({ operator, store, services }) => {
    const { id, secret: before } = await make(operator);
    const { secret } = await webhook.rotateSecret(operator, { id });
    expect(secret).not.toBe(before);
    const row = await store.read.webhooks.get(operator.projectId, id);
    expect(row && services.secretBox.open(id, row.secret)).toBe(secret);
    expect(await webhook.rotateSecret(operator, { id, secret: 'sixteen-letters-x' })).toMatchObject({
      secret: 'sixteen-letters-x',
    });
    const [entry] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    expect(entry?.type).toBe('webhook.rotated');
  }));

test('webhook.delete removes it and where it stood', () =>
  inWorld(async ({ operator, store, services }) => {
    const { id } = await make(operator);
    expect(await webhook.delete(operator, { id })).toEqual({ object: 'webhook', id, deleted: true });
    expect(services.subscriptions.isEmpty()).toBe(true);
    expect(await store.read.cursors.get(id, operator.projectId)).toBe(0);
    await expect(webhook.get(operator, { id })).rejects.toMatchObject({ code: 'webhook_not_found' });
  }));

test('webhook.list pages the webhooks of the project, newest first', () =>
  inWorld(async ({ operator, foreigner, clock }) => {
    const first = await make(operator);
    await clock.advance(5);
    const second = await make(operator);
    await make(foreigner);
    const page = await webhook.list(operator, { limit: 1 });
    expect(page).toMatchObject({ data: [{ id: second.id }], has_more: true });
    const rest = await webhook.list(operator, { limit: 1, after: page.next_cursor ?? '' });
    expect(rest).toMatchObject({ data: [{ id: first.id }], has_more: false });
  }));

const REFUSED: Readonly<Record<string, (ctx: VerbContext, id: WebhookId) => Promise<unknown>>> = {
  'webhook.get': (ctx, id) => webhook.get(ctx, { id }),
  'webhook.update': (ctx, id) => webhook.update(ctx, { id, enabled: false }),
  'webhook.delete': (ctx, id) => webhook.delete(ctx, { id }),
  'webhook.test': (ctx, id) => webhook.test(ctx, { id }),
  'webhook.rotate_secret': (ctx, id) => webhook.rotateSecret(ctx, { id }),
  'webhook.deliveries': (ctx, id) => webhook.deliveries(ctx, { id, limit: 1 }),
  'webhook.redeliver': (ctx, id) => webhook.redeliver(ctx, { id, delivery_id: NO_DELIVERY }),
};

test.each(Object.entries(REFUSED))('%s answers webhook_not_found, another project’s too', (_id, ask) =>
  inWorld(async ({ operator, foreigner }) => {
    const { id } = await make(foreigner);
    for (const unknown of [NONE, id])
      await expect(ask(operator, unknown)).rejects.toMatchObject({ code: 'webhook_not_found' });
  }),
);

test('webhook.redeliver answers webhook_not_found for a delivery that is not there', () =>
  inWorld(async ({ operator }) => {
    const { id } = await make(operator);
    await expect(webhook.redeliver(operator, { id, delivery_id: NO_DELIVERY })).rejects.toMatchObject({
      code: 'webhook_not_found',
    });
  }));

test('webhook.create refuses a key without the scope management', () =>
  inWorld(({ service }) => expect(make(service)).rejects.toMatchObject({ code: 'scope_insufficient' })));
