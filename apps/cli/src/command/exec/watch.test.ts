import {
  INVOCATION_ID,
  invocationSample,
  json,
  refuse,
  sendEvent,
  settledSample,
  startServer,
  startStream,
  type Handler,
} from '@xem/client/testing';
import { systemClock, type Clock } from '@xem/runtime';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const STREAM = `GET /v1/exec/invocations/${INVOCATION_ID}/stream`;
const SHOW = `GET /v1/exec/invocations/${INVOCATION_ID}`;
const WATCH = ['exec', 'watch', INVOCATION_ID];
const TO_CANCEL = `To cancel it: xeroctl exec cancel ${INVOCATION_ID}`;

const nothing = (): void => undefined;

const OUTCOMES = [
  ['completed', 0],
  ['failed', 1],
  ['rejected', 3],
  ['timeout', 6],
  ['cancelled', 7],
] as const;

/** Says what it is, and then nothing more. */
const goesOn =
  (opened: () => void): Handler =>
  (_, response) => {
    startStream(response);
    sendEvent(response, {
      event: 'invocation.snapshot',
      data: invocationSample({ status: 'running' }),
      id: '1.1.0.0',
    });
    opened();
  };

test.each(OUTCOMES)('exec watch stops when a run is %s, and ends with %i', async (status, code) => {
  await using server = await startServer({
    [STREAM]: (_, response) => {
      startStream(response);
      sendEvent(response, { event: 'invocation.snapshot', data: invocationSample(), id: '1.0.0.0' });
      sendEvent(response, { event: 'invocation.settled', data: settledSample({ status }), id: '2.1.0.0' });
    },
  });
  const { exit, stdout } = await xeroctl([...WATCH, '-o', 'json'], server);
  expect(exit).toBe(code);
  expect(JSON.parse(stdout)).toEqual(settledSample({ status }));
});

test.each(OUTCOMES)(
  'exec watch stops when polling finds a run %s, and ends with %i',
  async (status, code) => {
    await using server = await startServer({
      [STREAM]: (_, response) => refuse(response, { code: 'route_not_found' }, { status: 404 }),
      [SHOW]: (_, response, nth) => json(response, nth < 2 ? invocationSample() : settledSample({ status })),
    });
    const { exit, stderr } = await xeroctl(WATCH, server);
    expect(exit).toBe(code);
    expect(stderr).toContain('queued');
  },
);

test('exec watch polls every 2 seconds', async () => {
  const clock = virtualClock();
  const polled: number[] = [];
  await using server = await startServer({
    [STREAM]: (_, response) => refuse(response, { code: 'route_not_found' }, { status: 404 }),
    [SHOW]: (_, response, nth) => {
      polled.push(clock.now());
      json(response, nth < 2 ? invocationSample() : settledSample());
    },
  });
  const watched = xeroctl(WATCH, { baseUrl: server.baseUrl, clock });
  await expect.poll(() => polled.length).toBe(1);
  for (const times of [2, 3]) {
    await expect.poll(async () => (await clock.advance(500), polled.length)).toBe(times);
  }
  expect((await watched).exit).toBe(0);
  const [first = 0, second = 0, third = 0] = polled;
  for (const gap of [second - first, third - second]) expect(gap).toBeGreaterThanOrEqual(2000);
});

test('exec watch tells of every step on its way', async () => {
  await using server = await startServer({
    [STREAM]: (_, response) => {
      startStream(response);
      const approval = { id: 'x', status: 'pending', url: 'http://127.0.0.1:1/a', expires_at: 'y' };
      const data = invocationSample({ status: 'pending_approval', approval });
      sendEvent(response, { event: 'invocation.snapshot', data, id: '1.0.0.0' });
      const entry = { seq: 2, at: '2026-01-01T00:00:00.000Z', type: 'invocation.started' };
      sendEvent(response, { event: 'invocation.started', data: entry, id: '2.1.0.0' });
      sendEvent(response, { event: 'invocation.settled', data: settledSample(), id: '3.1.0.0' });
    },
  });
  const { stdout } = await xeroctl(WATCH, { baseUrl: server.baseUrl, columns: 100 });
  expect(stdout).toMatch(/^It waits for a decision: http:\/\/127.0.0.1:1\/a\n/);
  expect(stdout).toContain('2026-01-01T00:00:00.000Z  invocation.started\n');
  expect(stdout).toContain('completed in 12 ms, exit code 0');
});

test('exec watch leaves the run alone at Ctrl-C, says how to cancel it, and ends with 130', async () => {
  let interrupt = nothing;
  await using server = await startServer({ [STREAM]: goesOn(() => interrupt()) });
  const { exit, stderr } = await xeroctl(WATCH, {
    baseUrl: server.baseUrl,
    onReady: (press) => (interrupt = press),
  });
  expect(exit).toBe(130);
  expect(stderr).toContain(`Stopped watching; the run goes on. ${TO_CANCEL}`);
  expect(server.received.every(({ method }) => method === 'GET')).toBe(true);
});

test.each([
  ['10 minutes', [], 600_000],
  ['--timeout', ['--timeout', '30s'], 30_000],
])('exec watch gives up after %s with 6', async (_, words, ms) => {
  let giveUp = nothing;
  const clock: Clock = {
    ...systemClock(),
    after: (after, call) => {
      if (after === ms) giveUp = call;
      return () => undefined;
    },
  };
  await using server = await startServer({ [STREAM]: goesOn(() => giveUp()) });
  const { exit, stderr } = await xeroctl([...WATCH, ...words], { baseUrl: server.baseUrl, clock });
  expect(exit).toBe(6);
  expect(stderr).toContain(TO_CANCEL);
});

test('exec watch passes on that there is no such invocation', async () => {
  await using server = await startServer({
    [STREAM]: (_, response) => refuse(response, { code: 'invocation_not_found' }, { status: 404 }),
  });
  expect((await xeroctl(WATCH, server)).exit).toBe(4);
});
