import { ExecError } from '@xem/errors';
import { MINUTE_MS, ApiKeyId, ProjectId, type RateLimit } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBuckets } from './buckets.ts';
import { createRateGate, type RateGate, type Sender } from './rate-limit.ts';

/** The buckets read the machine's monotonic time: here it stands still until it is moved. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const clock = systemClock();
const pass = (ms: number): unknown => vi.advanceTimersByTime(ms);

const keyNumber = (n: number) => ApiKeyId.parse(`key_${String(n).padStart(24, '0')}`);
const PROJECT = ProjectId.parse(`prj_${'1'.repeat(24)}`);

const sender = (key: number, rate: RateLimit, shared: RateLimit | null = null): Sender => ({
  credential: { keyId: keyNumber(key), rate },
  project: { id: PROJECT, rate: shared },
});

/** The headers of a request that passed, or what it was refused with. */
function send(gate: RateGate, from: Sender) {
  const headers: Record<string, string> = {};
  try {
    gate.pass(from, headers);
    return { passed: true, headers };
  } catch (refusal) {
    return { passed: false, headers, refusal };
  }
}

const headersOf = (limit: number, remaining: number, reset: number) => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(reset),
});

test('a key may send its burst at once, and then as many a minute as its rate says', () => {
  const gate = createRateGate(clock);
  const from = sender(1, { per_minute: 6, burst: 3 });
  expect(send(gate, from).headers).toEqual(headersOf(6, 2, 10));
  send(gate, from);
  expect(send(gate, from).headers).toEqual(headersOf(6, 0, 30));
  const refused = send(gate, from);
  expect(refused.headers).toEqual(headersOf(6, 0, 30));
  expect(refused.refusal).toMatchObject({
    code: 'rate_limit_exceeded',
    status: 429,
    retryAfterSeconds: 10,
    message: 'the key may send 6 requests a minute and 3 at once; try again in 10 s',
  });
  pass(9999);
  expect(send(gate, from).passed).toBe(false);
  pass(1);
  expect(send(gate, from).passed).toBe(true);
});

test('keys are counted apart', () => {
  const gate = createRateGate(clock);
  const rate = { per_minute: 1, burst: 1 };
  expect(send(gate, sender(1, rate)).passed).toBe(true);
  expect(send(gate, sender(1, rate)).passed).toBe(false);
  expect(send(gate, sender(2, rate)).passed).toBe(true);
});

test('the keys of a project share what it may send, and the headers speak of the tighter', () => {
  const gate = createRateGate(clock);
  const [wide, shared] = [
    { per_minute: 600, burst: 100 },
    { per_minute: 60, burst: 3 },
  ];
  expect(send(gate, sender(1, wide, shared)).headers).toEqual(headersOf(60, 2, 1));
  expect(send(gate, sender(2, { per_minute: 60, burst: 2 }, shared)).headers).toEqual(headersOf(60, 1, 2));
  expect(send(gate, sender(2, { per_minute: 60, burst: 2 }, shared)).passed).toBe(true);
  const refused = send(gate, sender(3, wide, shared));
  expect(refused.headers).toEqual(headersOf(60, 0, 3));
  expect(refused.refusal).toMatchObject({ message: expect.stringMatching(/^the project may send 60/) });
});

test('a request that its project has no room for is not counted for its key', () => {
  const gate = createRateGate(clock);
  const narrow = { per_minute: 1, burst: 1 };
  const rate = { per_minute: 60, burst: 5 };
  expect(send(gate, sender(1, rate, narrow)).passed).toBe(true);
  for (let tries = 0; tries < 20; tries += 1) expect(send(gate, sender(1, rate, narrow)).passed).toBe(false);
  expect(send(gate, sender(1, rate)).headers).toEqual(headersOf(60, 3, 2));
});

test('a rate that is changed holds from the next request on, for what was sent before too', () => {
  const gate = createRateGate(clock);
  expect(send(gate, sender(1, { per_minute: 60, burst: 100 })).passed).toBe(true);
  expect(send(gate, sender(1, { per_minute: 60, burst: 2 })).headers).toEqual(headersOf(60, 0, 2));
  expect(send(gate, sender(1, { per_minute: 60, burst: 2 })).passed).toBe(false);
  expect(send(gate, sender(1, { per_minute: 60, burst: 5 })).headers).toEqual(headersOf(60, 2, 3));
});

/** When those of some requests passed that did. */
const passing = (requests: number, sends: () => boolean): readonly number[] =>
  Array.from({ length: requests }, () => (sends() ? [clock.monotonic()] : [])).flat();

const rates = fc.record({
  per_minute: fc.integer({ min: 1, max: 300 }),
  burst: fc.integer({ min: 1, max: 60 }),
});

test('over any minute no more pass than the rate and the burst together, and a patient key is never refused', () => {
  const steps = fc.array(fc.tuple(fc.nat({ max: 20_000 }), fc.integer({ min: 1, max: 120 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(rates, steps, (rate, times) => {
      const gate = createRateGate(clock);
      const passed: number[] = [];
      for (const [waitMs, requests] of times) {
        pass(waitMs);
        passed.push(...passing(requests, () => send(gate, sender(1, rate)).passed));
      }
      for (const [at, from] of passed.entries()) {
        const within = passed.slice(at).filter((time) => time < from + MINUTE_MS).length;
        expect(within).toBeLessThanOrEqual(rate.per_minute + rate.burst);
      }
      pass(MINUTE_MS / rate.per_minute + 1);
      expect(send(gate, sender(1, rate)).passed).toBe(true);
    }),
  );
});

test('Retry-After is long enough, and not longer than it must be', () => {
  fc.assert(
    fc.property(rates, rates, (own, shared) => {
      const gate = createRateGate(clock);
      const from = sender(1, own, shared);
      let last = send(gate, from);
      while (last.passed) last = send(gate, from);
      const retryAfterSeconds =
        (last.refusal instanceof ExecError ? last.refusal.retryAfterSeconds : null) ?? Infinity;
      expect(retryAfterSeconds).toBeLessThanOrEqual(
        Math.ceil(60 / Math.min(own.per_minute, shared.per_minute)),
      );
      pass(retryAfterSeconds * 1000);
      expect(send(gate, from).passed).toBe(true);
    }),
  );
});

test('buckets that are idle are put away, and those that are not are kept', () => {
  const buckets = createBuckets(clock);
  const [quick, slow] = [
    { per_minute: 60, burst: 2 },
    { per_minute: 1, burst: 9 },
  ];
  for (let n = 0; n < 1000; n += 1) buckets.of(`quick ${n}`, quick).tryRemoveTokens(1);
  buckets.of('slow', slow).tryRemoveTokens(9);
  pass(MINUTE_MS);
  buckets.of('late', quick);
  expect(buckets.size).toBe(2);
  expect(buckets.find('slow')?.tryRemoveTokens(2)).toBe(false);
});

test('of more buckets than there may be the oldest go', () => {
  const buckets = createBuckets(clock, 100);
  for (let n = 0; n < 10_000; n += 1)
    buckets.of(`address ${n}`, { per_minute: 1, burst: 1 }).tryRemoveTokens(1);
  expect(buckets.size).toBeLessThanOrEqual(100);
  expect(buckets.find('address 9999')).not.toBeNull();
});
