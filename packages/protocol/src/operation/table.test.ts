import { statusesOf } from '@xem/errors';
import { expect, test } from 'vitest';
import { pathParameters } from './operation.ts';
import { OPERATIONS } from './table.ts';

const named = OPERATIONS.map((operation) => [operation.id, operation] as const);

test('operations have an id each and a route each', () => {
  const routes = OPERATIONS.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);
  expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
  expect(new Set(routes).size).toBe(routes.length);
});

test.each(named)('%s is called noun.verb and lives at a clean path', (_id, { id, path }) => {
  expect(id).toMatch(/^[a-z_]+\.[a-z_]+$/);
  expect(path).toMatch(/^(?:\/(?:[a-z-]+|:[a-z_]+))+$/);
});

test.each(named)('%s has every parameter of its path in its input, and needs it', (_id, { path, input }) => {
  const parameters = pathParameters(path);
  const optional = parameters.filter((name) => input.shape[name]?.safeParse(undefined).success !== false);
  expect(optional).toEqual([]);
});

test.each(named)('%s refuses a member that it does not know', (_id, { input }) => {
  const issues = input.safeParse({ surprise: 1 }).error?.issues ?? [];
  expect(issues.map(({ code }) => code)).toContain('unrecognized_keys');
});

test.each(named)('%s lists codes that HTTP can answer, once each', (_id, { errors }) => {
  expect(errors.filter((code) => statusesOf(code).length === 0)).toEqual([]);
  expect(new Set(errors).size).toBe(errors.length);
});

test.each(named.filter(([, { headers }]) => headers?.includes('Idempotency-Key')))(
  '%s, which can be repeated under a key, can answer its conflict',
  (_id, { errors }) => {
    expect(errors).toContain('exec_idempotency_conflict');
  },
);

/** The routes that are promised, spelled out. */
test.each([
  ['GET', '/exec/tools', 'execution'],
  ['GET', '/exec/tools/:name', 'execution'],
  ['POST', '/exec/invocations', 'execution'],
  ['GET', '/exec/invocations', 'execution'],
  ['GET', '/exec/invocations/:id', 'execution'],
  ['POST', '/exec/invocations/:id/cancel', 'execution'],
  ['GET', '/exec/invocations/:id/stream', 'execution'],
  ['GET', '/exec/executions', 'execution'],
  ['GET', '/exec/executions/:id', 'execution'],
  ['GET', '/exec/executions/:id/raw', 'execution'],
  ['GET', '/exec/executions/stream', 'execution'],
  ['POST', '/exec/executions/:id/rerun', 'execution'],
  ['GET', '/exec/approvals', 'execution'],
  ['GET', '/exec/approvals/:id', 'execution'],
  ['POST', '/exec/approvals/:id/approve', 'execution'],
  ['POST', '/exec/approvals/:id/reject', 'execution'],
  ['GET', '/exec/agents', 'execution'],
  ['GET', '/exec/agents/:id', 'execution'],
  ['GET', '/exec/agents/:id/manifest', 'execution'],
  ['GET', '/exec/agents/:id/environment', 'execution'],
  ['GET', '/exec/agents/:id/connectivity', 'execution'],
  ['GET', '/exec/journal', 'any'],
  ['GET', '/exec/journal/verify', 'any'],
  ['GET', '/workspaces', 'any'],
  ['POST', '/management/join-keys', 'management'],
  ['GET', '/whoami', 'any'],
  ['GET', '/errors', 'none'],
])('there is %s %s, and it needs %s', (method, path, scope) => {
  expect(OPERATIONS.filter((one) => one.method === method && one.path === path)).toMatchObject([{ scope }]);
});
