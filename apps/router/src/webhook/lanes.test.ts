import { DeliveryId, WebhookId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createLanes } from './lanes.ts';

const digits = (nth: number): string => String(nth).padStart(24, '0');
const hook = (nth: number): WebhookId => WebhookId.parse(`whk_${digits(nth)}`);

let drawn = 0;
const flightTo = (webhookId: WebhookId) => ({
  id: DeliveryId.parse(`dlv_${digits((drawn += 1))}`),
  webhookId,
});

test('lanes give one webhook a few places, and take them back', () => {
  const lanes = createLanes();
  const flights = Array.from({ length: 8 }, () => flightTo(hook(1)));
  expect(lanes.room(hook(1))).toBe(8);
  for (const flight of flights) lanes.start(flight);
  expect(lanes.room(hook(1))).toBe(0);
  expect(lanes.flying(hook(1))).toBe(8);
  expect(flights.every(({ id }) => lanes.isFlying(id))).toBe(true);
  for (const flight of flights) lanes.end(flight, true);
  expect(lanes.room(hook(1))).toBe(8);
  expect(flights.some(({ id }) => lanes.isFlying(id))).toBe(false);
});

test('lanes give a webhook that fails one place until something gets through', () => {
  const lanes = createLanes();
  for (let nth = 0; nth < 3; nth += 1) {
    const flight = flightTo(hook(1));
    lanes.start(flight);
    lanes.end(flight, false);
  }
  expect(lanes.room(hook(1))).toBe(1);
  const probe = flightTo(hook(1));
  lanes.start(probe);
  expect(lanes.room(hook(1))).toBe(0);
  lanes.end(probe, true);
  expect(lanes.room(hook(1))).toBe(8);
});

test('lanes keep places for sound webhooks however many targets hang', () => {
  const lanes = createLanes();
  for (let nth = 1; nth <= 200; nth += 1) {
    for (let failure = 0; failure < 3; failure += 1) {
      const flight = flightTo(hook(nth));
      lanes.start(flight);
      lanes.end(flight, false);
    }
  }
  let hanging = 0;
  for (let nth = 1; nth <= 200; nth += 1) {
    if (lanes.room(hook(nth)) <= 0) continue;
    lanes.start(flightTo(hook(nth)));
    hanging += 1;
  }
  expect(hanging).toBe(32);
  expect(lanes.room(hook(999))).toBe(8);
});
