import { expect, test } from 'vitest';
import { createRateGate } from './rate-limit.ts';

const RATE = { per_minute: 3, burst: 3 };
const over = expect.objectContaining({ code: 'rate_limit_exceeded', status: 429 });

test('a key may send as many requests a minute as its rate says', async () => {
  const gate = createRateGate();
  const headers: Record<string, string> = {};
  for (let sent = 0; sent < 3; sent++) await gate.pass('key_a', RATE, headers);
  expect(headers).toEqual({
    'x-ratelimit-limit': '3',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '60',
  });
  const refusal = await gate.pass('key_a', RATE, headers).catch((err: unknown) => err);
  expect(refusal).toEqual(over);
  expect(refusal).toMatchObject({ retryAfterSeconds: 60 });
});

test('a key may send no more than its burst at once', async () => {
  const gate = createRateGate();
  const rate = { per_minute: 100, burst: 2 };
  await gate.pass('key_a', rate, {});
  await gate.pass('key_a', rate, {});
  await expect(gate.pass('key_a', rate, {})).rejects.toMatchObject({
    code: 'rate_limit_exceeded',
    retryAfterSeconds: 1,
  });
});

test('keys are counted apart', async () => {
  const gate = createRateGate();
  for (let sent = 0; sent < 3; sent++) await gate.pass('key_a', RATE, {});
  await expect(gate.pass('key_b', RATE, {})).resolves.toBeUndefined();
});
