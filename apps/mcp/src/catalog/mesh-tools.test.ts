import { expect, test } from 'vitest';
import { openWorld } from '../testing/stand-in.ts';
import { annotationsOf } from './mesh-tools.ts';

test.each([
  ['read', { readOnlyHint: true, destructiveHint: false, idempotentHint: true }],
  ['write', { readOnlyHint: false, destructiveHint: false, idempotentHint: false }],
  ['destructive', { readOnlyHint: false, destructiveHint: true, idempotentHint: false }],
  ['irreversible', { readOnlyHint: false, destructiveHint: true, idempotentHint: false }],
] as const)('annotationsOf %s are %j', (risk, hints) => {
  expect(annotationsOf(risk, false)).toMatchObject(hints);
});

test('tools/list gives a tool of the mesh its own schema and the hints of its risk', async () => {
  await using world = await openWorld();
  const client = await world.connect();
  const tool = (await client.listTools()).find(({ name }) => name === 'pods_get');
  expect(tool).toMatchObject({
    title: 'pods.get',
    inputSchema: { type: 'object', properties: { name: { type: 'string' } } },
    annotations: { readOnlyHint: true, idempotentHint: true },
  });
});

test('tools/list reads a definition once', async () => {
  await using world = await openWorld();
  const client = await world.connect();
  await client.listTools();
  await (await world.connect('sdk')).listTools();
  const read = world.router.received.filter(({ url }) => url.startsWith('/v1/exec/tools/pods.get'));
  expect(read).toHaveLength(1);
});
