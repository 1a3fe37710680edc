import { AGENT_ID, json, pageSample, sendEvent, startServer, startStream } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const ROTATE = `POST /v1/management/agents/${AGENT_ID}/curve-rotate`;
const AGENT = { object: 'agent', id: AGENT_ID, status: 'online', curve_fingerprint: '0123456789abcdef' };
const NEWEST_SEQ = 41;

const entry = (seq: number, type: string, data: object = {}): object => ({
  object: 'journal_entry',
  id: `evt_${'1'.repeat(24)}`,
  seq,
  at: '2026-01-01T00:00:00.000Z',
  type,
  actor: { kind: 'agent', id: AGENT_ID },
  subject: { type: 'agent', id: AGENT_ID },
  refs: { agent_id: AGENT_ID },
  data,
});

/** A router whose journal goes on like this after the change of keys was asked for. */
const router = (...later: readonly object[]) =>
  startServer({
    [ROTATE]: (_, response) => json(response, AGENT),
    [`GET /v1/exec/agents/${AGENT_ID}`]: (_, response) => json(response, AGENT),
    'GET /v1/exec/journal': (_, response) => json(response, pageSample([entry(NEWEST_SEQ, 'agent.online')])),
    'GET /v1/exec/executions/stream': (_, response) => {
      startStream(response);
      later.forEach((row, index) =>
        sendEvent(response, { id: String(NEWEST_SEQ + 1 + index), event: 'entry', data: row }),
      );
    },
  });

test('agents curve-rotate returns at once unless it shall wait', async () => {
  await using server = await router();
  const { exit, stdout } = await xeroctl(['agents', 'curve-rotate', AGENT_ID, '-o', 'json'], server);
  expect([exit, JSON.parse(stdout)]).toEqual([0, AGENT]);
  expect(server.received.map(({ method }) => method)).toEqual(['POST']);
});

test.each([
  ['agent.key_rotated', {}, 0, ''],
  ['agent.key_rotation_dropped', { reason: 'not finished in time' }, 1, 'given up: not finished in time'],
])('agents curve-rotate --wait ends with what the journal says: %s', async (...[type, data, code, words]) => {
  const other = { ...entry(NEWEST_SEQ + 1, type), refs: { agent_id: `agt_${'9'.repeat(24)}` } };
  await using server = await router(other, entry(NEWEST_SEQ + 2, type, data));
  const { exit, stderr, stdout } = await xeroctl(['agents', 'curve-rotate', AGENT_ID, '--wait'], server);
  expect([exit, stderr.includes(words)]).toEqual([code, true]);
  expect(stdout).toContain('0123456789abcdef');
  expect(server.received.some(({ url }) => url.includes(`after_seq=${NEWEST_SEQ}`))).toBe(true);
});
