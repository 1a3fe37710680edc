import { CLIENT_KINDS, connectHttp, connectStdio, type AnyClient, type ClientKind } from '@xem/mcp/testing';
import { Invocation, listExecutions, type Execution } from '@xem/protocol';
import { expect } from 'vitest';
import { call, type Role } from '../mesh/api.ts';
import { effectsOf } from '../mesh/effects.ts';
import { decide, settled } from '../mesh/invoke.ts';
import { until } from '../mesh/mesh.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();

const overHttp = (kind: ClientKind, as: Role = 'service'): Promise<AnyClient> => {
  const { mcp_url: url, keys } = mesh().facts;
  return connectHttp(kind, { url, headers: { authorization: `Bearer ${keys[as]}` } });
};

const overStdio = (kind: ClientKind): Promise<AnyClient> => {
  const { url, facts } = mesh();
  const { keys, workspace_id: workspace } = facts;
  const env = { XEROTIER_BASE_URL: url, XEROTIER_API_KEY: keys.service, XEM_WORKSPACE: workspace };
  return connectStdio(kind, { env });
};

async function expectToWork(client: AnyClient): Promise<void> {
  const names = (await client.listTools()).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['exec.invoke', 'exec.get_output', 'demo_echo', 'demo_effect']),
  );
  const fixed = await client.call('exec.invoke', { tool: 'demo_echo', args: { hello: 'mesh' } });
  expect(fixed.structuredContent).toMatchObject({ status: 'completed', exit_code: 0 });
  const { content, structuredContent: facts } = await client.call('demo_echo', { hello: 'mesh' });
  expect(content[0]).toMatchObject({ type: 'text', text: '{"hello":"mesh"}' });
  expect(await client.read(String(facts?.['output_uri']))).toMatchObject([{ text: '{"hello":"mesh"}' }]);
}

for (const kind of CLIENT_KINDS) {
  proves('mcp.clients', `${kind}, over Streamable HTTP`, async () => {
    await using client = await overHttp(kind);
    await expectToWork(client);
  });
  proves('mcp.clients', `${kind}, over standard input and output`, async () => {
    await using client = await overStdio(kind);
    await expectToWork(client);
  });
}

async function expectEveryFixedTool(client: AnyClient): Promise<void> {
  const read = async (name: string, args: Record<string, unknown> = {}) => {
    const { isError = false, structuredContent } = await client.call(name, args);
    expect(isError, JSON.stringify(structuredContent)).toBe(false);
    return structuredContent ?? {};
  };
  expect(await read('exec.list_tools', { q: 'demo_echo' })).toMatchObject({ data: [{ name: 'demo_echo' }] });
  expect(await read('exec.describe_tool', { tool: 'demo_echo' })).toMatchObject({
    parameters: { type: 'object' },
  });
  const { execution_id: id, invocation_id } = await read('exec.invoke', {
    tool: 'demo_echo',
    args: { a: 1 },
  });
  const listed = await read('exec.list_executions', { invocation_id });
  expect(listed).toMatchObject({ data: [{ id, status: 'completed' }] });
  expect(await read('exec.get_execution', { id })).toMatchObject({ exit_code: 0, stdout: { bytes: 7 } });
  expect(await read('exec.get_output', { execution_id: id })).toMatchObject({
    text: '{"a":1}',
    next_offset: null,
  });
  expect(await read('exec.rerun', { execution_id: id })).toMatchObject({
    status: 'completed',
    output: { text: '{"a":1}' },
  });
  const waiting = await read('exec.invoke', { tool: 'demo_effect' });
  const cancelled = await read('exec.cancel', { id: waiting['invocation_id'], reason: 'changed my mind' });
  expect(cancelled).toMatchObject({ status: 'cancelled', ended: true });
  const again = await client.call('exec.cancel', { id: waiting['invocation_id'] });
  expect(again).toMatchObject({
    isError: true,
    structuredContent: { error: { code: 'invocation_terminal' } },
  });
  const failed = await client.call('demo_fail', { exit_code: 3, stderr: 'out of luck' });
  expect(failed).toMatchObject({
    isError: true,
    structuredContent: { exit_code: 3, stderr: { text: 'out of luck' } },
  });
}

for (const kind of ['sdk', 'pinned'] as const)
  proves('mcp.clients', `${kind}, every fixed tool`, async () => {
    await using client = await overHttp(kind);
    await expectEveryFixedTool(client);
  });

const Runs = listExecutions.output;
const Gated = Invocation.shape.approval.unwrap();

/** Asks for an effect; resolves with the ids of what waits. */
async function askForEffect(client: AnyClient): Promise<{ id: string; approvalId: string }> {
  const asked = await client.call('demo_effect', { cluster: 'blue' });
  expect(asked.structuredContent).toMatchObject({ status: 'pending_approval', execution_id: null });
  const { id: approvalId, url } = Gated.parse(asked.structuredContent?.['approval']);
  expect(asked.structuredContent?.['next_step']).toContain(url);
  return { id: String(asked.structuredContent?.['invocation_id']), approvalId };
}

proves('mcp.gate', 'a human approves, and it runs exactly once', async () => {
  await using client = await overHttp('auto');
  const { id, approvalId } = await askForEffect(client);
  expect(effectsOf(mesh(), id)).toEqual([]);
  await decide(mesh(), approvalId, { verb: 'approve' });
  const ended = await client.call('exec.get_invocation', { id, wait_seconds: 50 });
  expect(ended.structuredContent).toMatchObject({ status: 'completed', exit_code: 0 });
  expect(effectsOf(mesh(), id)).toHaveLength(1);
});

proves('mcp.gate', 'a human rejects, the reason comes back as a quotation, and nothing runs', async () => {
  await using client = await overHttp('legacy');
  const { id, approvalId } = await askForEffect(client);
  await decide(mesh(), approvalId, { verb: 'reject', body: { reason: 'not on a Friday' } });
  const ended = await client.call('exec.get_invocation', { id });
  expect(ended.structuredContent).toMatchObject({
    status: 'rejected',
    decision: { decision: 'rejected', note: 'not on a Friday' },
  });
  expect(ended.content.map(({ text }) => text).join('\n')).toContain('> not on a Friday');
  expect(effectsOf(mesh(), id)).toEqual([]);
});

proves('mcp.gate', 'no tool decides, not even for a key that may', async () => {
  await using client = await overHttp('pinned', 'approver');
  const names = (await client.listTools()).map(({ name }) => name);
  expect(names.filter((name) => /approve|reject|decide/.test(name))).toEqual([]);
  const { id, approvalId } = await askForEffect(client);
  const refused = await client.call('exec.approve', { id: approvalId });
  expect(refused.isError).toBe(true);
  const waiting = await client.call('exec.list_approvals', { invocation_id: id });
  expect(waiting.structuredContent).toMatchObject({ data: [{ id: approvalId, status: 'pending' }] });
});

proves('mcp.take-back', 'its processes end, and the invocation is cancelled', async () => {
  await using client = await overHttp('auto');
  const here = new AbortController();
  const asked = client.call('demo_sleep', { seconds: 120 }, { signal: here.signal });
  const list = '/v1/exec/executions?tool=demo_sleep&status=running';
  let running: Execution | undefined;
  await until('a running demo_sleep', async () => {
    [running] = Runs.parse((await call(mesh(), { path: list })).body).data;
    return running !== undefined;
  });
  here.abort();
  await expect(asked).rejects.toThrow();
  const ended = await settled(mesh(), running?.invocation_id ?? '');
  expect(ended).toMatchObject({ status: 'cancelled', surface: 'mcp' });
});
