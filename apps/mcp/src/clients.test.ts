import { WORKSPACE_ID } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { CLIENT_KINDS, connectStdio, type AnyClient } from './testing/clients.ts';
import { KEY, openWorld } from './testing/stand-in.ts';

const FIXED = [
  'exec.list_tools',
  'exec.describe_tool',
  'exec.invoke',
  'exec.get_invocation',
  'exec.cancel',
  'exec.list_executions',
  'exec.get_execution',
  'exec.get_output',
  'exec.rerun',
  'exec.list_approvals',
];

async function expectToWork(client: AnyClient): Promise<void> {
  expect((await client.listTools()).map(({ name }) => name)).toEqual([...FIXED, 'pods_get']);
  const asked = await client.call('exec.invoke', { tool: 'pods.get', args: { name: 'a' } });
  expect(asked.structuredContent).toMatchObject({
    status: 'completed',
    exit_code: 0,
    output: { text: 'hello' },
  });
  const called = await client.call('pods_get', { name: 'a' });
  expect(called.isError ?? false).toBe(false);
  expect(called.content[0]).toMatchObject({ type: 'text', text: 'hello' });
  const refused = await client.call('exec.invoke', { tool: 'secret.dump' });
  expect(refused).toMatchObject({
    isError: true,
    structuredContent: { error: { code: 'tool_not_mcp_visible' } },
  });
}

test.each(CLIENT_KINDS)('the tools are listed and called over HTTP by the client %s', async (kind) => {
  await using world = await openWorld();
  await expectToWork(await world.connect(kind));
});

test.each(CLIENT_KINDS)(
  'the tools are listed and called over standard input and output by the client %s',
  async (kind) => {
    await using world = await openWorld();
    await using client = await connectStdio(kind, {
      env: { XEROTIER_API_KEY: KEY, XEROTIER_BASE_URL: world.router.baseUrl, XEM_WORKSPACE: WORKSPACE_ID },
    });
    await expectToWork(client);
    expect(new Set(world.router.received.map(({ headers }) => headers['x-xem-surface']))).toEqual(
      new Set(['mcp']),
    );
  },
);
