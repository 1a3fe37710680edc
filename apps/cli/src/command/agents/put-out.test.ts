import { AGENT_ID, json, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const AGENT = {
  object: 'agent',
  id: AGENT_ID,
  registration_name: 'xem-01',
  status: 'online',
  workspaces: [{ id: 'ws_a1b2c3d4', name: 'prod', paused: false }],
  capacity: { slots: 4, in_flight: 1 },
};

const PATH = `/v1/management/agents/${AGENT_ID}`;

const VERBS = [
  { verb: 'evict', route: `POST ${PATH}/evict`, question: 'Evict it?' },
  { verb: 'ban', route: `POST ${PATH}/ban`, question: 'Ban it for good?' },
  {
    verb: 'revoke-credentials',
    route: `POST ${PATH}/revoke-credentials`,
    question: 'Revoke its credentials?',
  },
  { verb: 'delete', route: `DELETE ${PATH}`, question: 'Delete it?' },
];

const serving = (route: string) =>
  startServer({
    [`GET /v1/exec/agents/${AGENT_ID}`]: (_, response) => json(response, AGENT),
    [route]: (_, response) => json(response, AGENT),
  });

test.each(VERBS)('agents $verb shows the agent and asks first', async ({ verb, route, question }) => {
  await using server = await serving(route);
  const world = { baseUrl: server.baseUrl, attended: true, stdin: 'y' };
  const { exit, stderr, questions } = await xeroctl(['agents', verb, AGENT_ID], world);
  expect(exit).toBe(0);
  expect(questions).toEqual([`${question} [y/N] `]);
  expect(stderr).toMatch(/Agent +xem-01\nStatus +online\nWorkspaces +prod\nRunning +1\n/);
  expect(server.received.map(({ method }) => method)).toEqual(['GET', route.split(' ')[0]]);
});

test.each(VERBS)('agents $verb changes nothing unless somebody says yes', async ({ verb, route }) => {
  await using server = await serving(route);
  const words = ['agents', verb, AGENT_ID];
  const refused = await xeroctl(words, { baseUrl: server.baseUrl, attended: true, stdin: '' });
  expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining('nothing was changed') });
  const alone = await xeroctl(words, { baseUrl: server.baseUrl });
  expect(alone).toMatchObject({ exit: 2, stderr: expect.stringContaining('--yes') });
  expect(server.received.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test.each(VERBS)('agents $verb --yes asks nobody and reads nothing', async ({ verb, route }) => {
  await using server = await serving(route);
  const reason = verb === 'delete' ? [] : ['--reason', 'stolen'];
  const { exit } = await xeroctl(['agents', verb, AGENT_ID, '--yes', ...reason], server);
  expect(exit).toBe(0);
  expect(server.received).toHaveLength(1);
  expect(server.received[0]?.body).toBe(verb === 'delete' ? '' : '{"reason":"stolen"}');
});
