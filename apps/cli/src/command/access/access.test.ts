import { json, pageSample, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const PERSON = `prn_${'1'.repeat(24)}`;
const KEY = `key_${'6'.repeat(24)}`;
const PEOPLE = '/v1/management/principals';
const KEYS = '/v1/management/api-keys';

const apiKeySample = (revoked_at: string | null): object => ({
  object: 'api_key',
  id: KEY,
  name: 'ci',
  project_id: `prj_${'2'.repeat(24)}`,
  principal: { id: PERSON, kind: 'human', name: 'Bea' },
  prefix: 'xero_demo_ab',
  scopes: ['execution'],
  can_decide: false,
  rate: { per_minute: 60, burst: 5 },
  endpoints: null,
  ip_allow: null,
  expires_at: null,
  last_used_at: null,
  revoked_at,
  rotated_from: null,
  created_at: '2026-01-01T00:00:00.000Z',
});

interface Row {
  readonly words: readonly string[];
  readonly route: string;
  readonly body?: unknown;
}

test.each<Row>([
  { words: ['principals', 'show', PERSON], route: `GET ${PEOPLE}/${PERSON}` },
  {
    words: [
      'principals',
      'create',
      '--kind',
      'human',
      'Bea',
      '--scope',
      'execution,management',
      '--can-decide',
    ],
    route: `POST ${PEOPLE}`,
    body: { kind: 'human', name: 'Bea', sign_in: { scopes: ['execution', 'management'], can_decide: true } },
  },
  {
    words: ['principals', 'create', '--kind', 'human', 'Bea', '--expires-in', '1h'],
    route: `POST ${PEOPLE}`,
    body: { kind: 'human', name: 'Bea', sign_in: { expires_in_seconds: 3600 } },
  },
  {
    words: ['principals', 'update', PERSON, '--name', 'Ada', '--group', 'ops', '--group', 'night'],
    route: `PATCH ${PEOPLE}/${PERSON}`,
    body: { name: 'Ada', groups: ['ops', 'night'] },
  },
  {
    words: ['principals', 'update', PERSON, '--group', 'none'],
    route: `PATCH ${PEOPLE}/${PERSON}`,
    body: { groups: [] },
  },
  {
    words: ['principals', 'disable', PERSON],
    route: `PATCH ${PEOPLE}/${PERSON}`,
    body: { disabled: true },
  },
  {
    words: ['principals', 'enable', PERSON],
    route: `PATCH ${PEOPLE}/${PERSON}`,
    body: { disabled: false },
  },
  {
    words: ['principals', 'sign-in-link', PERSON],
    route: `POST ${PEOPLE}/${PERSON}/sign-in-link`,
    body: {},
  },
  { words: ['keys', 'show', KEY], route: `GET ${KEYS}/${KEY}` },
  {
    words: [
      'keys',
      'create',
      '--principal',
      PERSON,
      '--name',
      'k',
      '--scope',
      'execution',
      '--expires-in',
      '30d',
      '--endpoint',
      'invocation.*',
      '--allow-ip',
      '10.0.0.0/8',
      '--allow-ip',
      '::1',
      '--rate',
      '60/10',
    ],
    route: `POST ${KEYS}`,
    body: {
      principal_id: PERSON,
      name: 'k',
      scopes: ['execution'],
      expires_in_seconds: 2_592_000,
      endpoints: ['invocation.*'],
      ip_allow: ['10.0.0.0/8', '::1'],
      rate: { per_minute: 60, burst: 10 },
    },
  },
  { words: ['keys', 'rotate', KEY], route: `POST ${KEYS}/${KEY}/rotate`, body: {} },
  {
    words: ['keys', 'rotate', KEY, '--grace', '15m'],
    route: `POST ${KEYS}/${KEY}/rotate`,
    body: { grace_seconds: 900 },
  },
  {
    words: ['keys', 'quota', KEY, '--rate', '600/100'],
    route: `PUT ${KEYS}/${KEY}/quota`,
    body: { per_minute: 600, burst: 100 },
  },
  {
    words: ['keys', 'ip-filter', KEY, '--allow-ip', '10.0.0.0/8'],
    route: `PUT ${KEYS}/${KEY}/ip-filter`,
    body: { ip_allow: ['10.0.0.0/8'] },
  },
  {
    words: ['keys', 'ip-filter', KEY, '--allow-ip', 'any'],
    route: `PUT ${KEYS}/${KEY}/ip-filter`,
    body: { ip_allow: null },
  },
  {
    words: ['keys', 'endpoints', KEY, '--endpoint', 'tool.list', '--endpoint', 'tool.get'],
    route: `PUT ${KEYS}/${KEY}/endpoints`,
    body: { endpoints: ['tool.list', 'tool.get'] },
  },
])('$words sends $route', async ({ words, route, body }) => {
  await using server = await startServer({
    [route]: (_, response) => json(response, { object: 'it', id: 'x' }),
  });
  const { exit, stderr } = await xeroctl([...words, '-o', 'json'], server);
  expect({ exit, received: server.received.length }, stderr).toEqual({ exit: 0, received: 1 });
  const sent = server.received[0]?.body ?? '';
  expect(sent === '' ? undefined : JSON.parse(sent)).toEqual(body);
});

test('keys list can show those of one principal', async () => {
  await using server = await startServer({
    [`GET ${KEYS}`]: (_, response) => json(response, pageSample([])),
  });
  const { exit } = await xeroctl(['keys', 'list', '--principal', PERSON, '-o', 'json'], server);
  expect(exit).toBe(0);
  expect(server.received[0]?.url).toContain(`principal_id=${PERSON}`);
});

test('keys list marks a key that was revoked', async () => {
  const rows = [apiKeySample(null), apiKeySample('2026-01-01T00:00:00.000Z')];
  await using server = await startServer({
    [`GET ${KEYS}`]: (_, response) => json(response, pageSample(rows)),
  });
  const { stdout } = await xeroctl(['keys', 'list'], server);
  expect(stdout).toMatch(/ ci {2,}/);
  expect(stdout).toContain('ci (revoked)');
});

test.each([
  ['no change', ['principals', 'update', PERSON], 'nothing to change'],
  ['no kind', ['principals', 'create', 'Bea'], 'give --kind'],
  ['a scope that is none', ['principals', 'sign-in-link', PERSON, '--scope', 'all'], 'not all'],
  ['a rate that is none', ['keys', 'quota', KEY, '--rate', '600'], '--rate must be'],
  ['no addresses', ['keys', 'ip-filter', KEY], 'give --allow-ip'],
  ['no pins', ['keys', 'endpoints', KEY], 'give --endpoint'],
])('%s is a wrong call, and nothing is sent', async (_, words, says) => {
  await using server = await startServer({});
  const { exit, stderr } = await xeroctl(words, server);
  expect({ exit, received: server.received.length }).toEqual({ exit: 2, received: 0 });
  expect(stderr).toContain(says);
});
