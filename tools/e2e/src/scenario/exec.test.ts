import { expect } from 'vitest';
import { call } from '../mesh/api.ts';
import { ask, decide, reach, run, settled } from '../mesh/invoke.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { shell, xeroctl, type Printed } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const lines = ({ stdout }: Printed): readonly string[] => stdout.toString('utf8').trimEnd().split('\n');
const text = ({ stdout }: Printed): string => stdout.toString('utf8');
const inService = () => ({ XEROTIER_API_KEY: mesh().facts.keys.service });
const invoke = (tool: string, args: string, more = ''): string =>
  `xeroctl exec invoke --workspace ${mesh().facts.workspace_id} --tool ${tool} --args '${args}' ${more}`;

proves('exec.tools', 'Name and Description come first, and alone in a pipe', async () => {
  const printed = await xeroctl(mesh(), ['exec', 'tools']);
  expect([printed.code, printed.stderr]).toEqual([0, '']);
  expect(
    lines(printed)[0]
      ?.split(/\s{2,}/)
      .map((word) => word.toLowerCase()),
  ).toEqual(['name', 'description']);
  expect(text(printed)).toMatch(/^demo_echo\s{2,}\S/m);
});

proves('exec.tool-show', 'of a tool there is, and of one there is not', async () => {
  const shown = await xeroctl(mesh(), ['exec', 'tool-show', 'demo_effect']);
  expect(shown.code).toBe(0);
  expect(text(shown)).toContain('demo_effect');
  expect(text(shown)).toContain('destructive');
  const unknown = await xeroctl(mesh(), ['exec', 'tool-show', 'kubectl_drain']);
  expect(unknown.code).toBe(4);
  expect(unknown.stderr).toContain('exec_tool_not_found');
});

proves(
  'exec.invoke',
  'the product’s example: INV_ID=$(… --output json | jq -r .id), then watch',
  async () => {
    const script = `INV_ID=$(${invoke('demo_echo', '{"resource": "pods"}', "--output json | jq -r '.id'")})
xeroctl exec watch "$INV_ID"
echo "id=$INV_ID"`;
    const printed = await shell(mesh(), script);
    expect(printed.code, printed.stderr).toBe(0);
    expect(text(printed)).toMatch(/id=[0-9a-f-]{36}/);
    expect(text(printed)).toContain('completed');
  },
);

proves(
  'exec.invoke',
  'a gated call prints its approval and exits 0; with --wait output comes byte for byte',
  async () => {
    const gated = await shell(mesh(), invoke('demo_effect', '{}'), inService());
    expect(gated.code).toBe(0);
    expect(text(gated) + gated.stderr).toContain('/approvals/');
    const waited = await shell(mesh(), invoke('demo_echo', '{"b":1,"a":2}', '--wait'));
    expect(waited.code, waited.stderr).toBe(0);
    expect(text(waited)).toContain('{"a":2,"b":1}');
  },
);

proves(
  'exec.watch',
  'completed, failed, cancelled, rejected and timeout end it with their exit codes',
  async () => {
    const completed = await run(mesh(), { tool: 'demo_echo' });
    const failed = await run(mesh(), { tool: 'demo_fail' });
    const timeout = await run(mesh(), { tool: 'demo_sleep', args: { seconds: 30 }, timeoutMs: 300 });
    const cancelled = await ask(mesh(), { tool: 'demo_effect' });
    await call(mesh(), { method: 'POST', path: `/v1/exec/invocations/${cancelled.id}/cancel`, body: {} });
    const rejected = await ask(mesh(), { tool: 'demo_effect' });
    await decide(mesh(), rejected.approval?.id ?? '', { verb: 'reject' });
    const expected = [
      [completed.id, 0],
      [failed.id, 1],
      [rejected.id, 3],
      [timeout.id, 6],
      [cancelled.id, 7],
    ] as const;
    for (const [id, code] of expected)
      expect([id, (await xeroctl(mesh(), ['exec', 'watch', id])).code]).toEqual([id, code]);
  },
);

proves('exec.watch', 'a call that is running is followed to its end', async () => {
  const running = await ask(mesh(), { tool: 'demo_sleep', args: { seconds: 1 } });
  const printed = await xeroctl(mesh(), ['exec', 'watch', running.id]);
  expect([printed.code, printed.stderr]).toEqual([0, expect.any(String)]);
  expect(text(printed)).toContain('completed');
});

proves('exec.cancel', 'one that runs, one that has ended, one nobody knows', async () => {
  const running = await ask(mesh(), { tool: 'demo_sleep', args: { seconds: 30 } });
  await reach(mesh(), running.id, ['running']);
  expect((await xeroctl(mesh(), ['exec', 'cancel', running.id])).code).toBe(0);
  expect(await settled(mesh(), running.id)).toMatchObject({
    status: 'cancelled',
    error: { code: 'cancelled' },
  });
  const again = await xeroctl(mesh(), ['exec', 'cancel', running.id]);
  expect([again.code, again.stderr]).toEqual([8, expect.stringContaining('invocation_terminal')]);
  const unknown = await xeroctl(mesh(), ['exec', 'cancel', '5f9c3b1a-8d0e-4c2f-9c1d-2b9f5e7a8c10']);
  expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringContaining('invocation_not_found')]);
});

proves('exec.list', 'the header, and the product’s example with jq', async () => {
  const failed = await run(mesh(), { tool: 'demo_fail' });
  const printed = await xeroctl(mesh(), ['exec', 'list']);
  expect(
    lines(printed)[0]
      ?.split(/\s{2,}/)
      .map((word) => word.toLowerCase()),
  ).toEqual(['id', 'invocation', 'status', 'exit code', 'created']);
  const picked = await shell(
    mesh(),
    `xeroctl exec list --output json | jq '.data[] | select(.status == "failed")'`,
  );
  expect(picked.code, picked.stderr).toBe(0);
  expect(text(picked)).toContain(failed.execution_id);
});

proves('exec.show', 'of an execution there is, and of one there is not', async () => {
  const ended = await run(mesh(), { tool: 'demo_fail', args: { exit_code: 7 } });
  const shown = await xeroctl(mesh(), ['exec', 'show', ended.execution_id ?? '']);
  expect([shown.code, text(shown)]).toEqual([0, expect.stringContaining('7')]);
  const unknown = await xeroctl(mesh(), ['exec', 'show', '7d2e4a91-0b3c-4f5a-8e1d-9c4b3a2f1e08']);
  expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringContaining('execution_not_found')]);
});

proves('exec.raw', 'every byte value on standard output, and the streams apart', async () => {
  const flood = await run(mesh(), { tool: 'demo_flood', args: { bytes: 5000, pattern: 'binary' } });
  const printed = await xeroctl(mesh(), ['exec', 'raw', flood.execution_id ?? '']);
  expect(printed.code, printed.stderr).toBe(0);
  const response = await call(mesh(), { path: `/v1/exec/executions/${flood.execution_id}` });
  expect(response.body).toMatchObject({ stdout: { bytes: printed.stdout.length } });
  expect(new Set(printed.stdout).size).toBe(256);
  const failed = await run(mesh(), { tool: 'demo_fail', args: { stderr: 'it broke' } });
  const stderr = await xeroctl(mesh(), ['exec', 'raw', failed.execution_id ?? '', '--stream', 'stderr']);
  expect(text(stderr)).toContain('it broke');
});

proves('exec.exit-codes', 'usage, not found, not authenticated, not reachable', async () => {
  const table = [
    [['exec', 'invoke', '--workspace', 'ws_a1b2c3d4', '--tool', 'demo_echo', '--args', '{not json'], {}, 2],
    [['exec', 'no-such-verb'], {}, 2],
    [['exec', 'invoke', '--workspace', 'ws_a1b2c3d4', '--tool', 'demo_echo', '--args', '{}'], {}, 4],
    [['exec', 'tools'], { XEROTIER_API_KEY: 'xero_demo_wrong' }, 5],
    [['exec', 'tools'], { XEROTIER_API_KEY: mesh().facts.keys.inference }, 5],
    [['exec', 'tools'], { XEROTIER_BASE_URL: 'http://127.0.0.1:1' }, 75],
  ] as const;
  for (const [words, env, code] of table) {
    const printed = await xeroctl(mesh(), words, env);
    expect([words.join(' '), printed.code, printed.stderr]).toEqual([
      words.join(' '),
      code,
      expect.any(String),
    ]);
  }
});
