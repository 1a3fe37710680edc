import { connect } from 'node:net';
import { Project, UsageReport } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { expect } from 'vitest';
import { z } from 'zod';
import { call, codeOf, errorOf, type Answer } from '../mesh/api.ts';
import { ask, decide, run, settled } from '../mesh/invoke.ts';
import { until } from '../mesh/mesh.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const GUESSES = 40;
const mesh = useMesh({ XEM_UNAUTHENTICATED_PER_MINUTE: String(GUESSES) });
const clock = systemClock();

const INVOCATIONS = '/v1/exec/invocations';
const PROJECT = '/v1/management/project';

async function changeProject(body: object): Promise<Project> {
  const answer = await call(mesh(), { method: 'PATCH', path: PROJECT, body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return Project.parse(answer.body);
}

const topUp = (credits: number, key: string): Promise<Answer> =>
  call(mesh(), {
    method: 'POST',
    path: `${PROJECT}/credit`,
    body: { credits },
    headers: { 'idempotency-key': key },
  });

const creditNow = async () => Project.parse((await call(mesh(), { path: PROJECT })).body).credit;

const asking = (tool: string) => ({
  method: 'POST' as const,
  path: INVOCATIONS,
  as: 'service' as const,
  body: { workspace_id: mesh().facts.workspace_id, tool, args: {}, timeout_ms: 1000 },
});

proves('limits.credit', 'two hundred callers at once with credit for fifty', async () => {
  await changeProject({ tariff: { per_call: 10, per_second: 1 } });
  expect((await topUp(50 * 11 + 5, 'first')).status).toBe(200);
  const again = await topUp(50 * 11 + 5, 'first');
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  const answers = await Promise.all(Array.from({ length: 200 }, () => call(mesh(), asking('demo_wipe'))));
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(150);
  for (const answer of refused)
    expect([answer.status, errorOf(answer).type, codeOf(answer)]).toEqual([
      402,
      'insufficient_quota_error',
      'insufficient_quota',
    ]);
  expect(await creditNow()).toEqual({ granted: 555, reserved: 550, settled: 0, available: 5 });
  for (const { body, status } of answers) {
    if (status !== 201) continue;
    const { id } = z.object({ id: z.string() }).parse(body);
    await call(mesh(), { method: 'POST', path: `${INVOCATIONS}/${id}/cancel`, as: 'service', body: {} });
  }
  expect(await creditNow()).toEqual({ granted: 555, reserved: 0, settled: 0, available: 555 });
});

proves('limits.credit', 'a run settles at its end, and xeroctl says that there is none left', async () => {
  const before = await creditNow();
  const ran = await run(mesh(), { tool: 'demo_noop', timeoutMs: 60_000 });
  const price = 10 + Math.ceil((ran.result?.duration_ms ?? Infinity) / 1000);
  expect(await creditNow()).toMatchObject({ reserved: 0, settled: (before?.settled ?? 0) + price });
  await changeProject({ tariff: { per_call: 1000, per_second: 0 } });
  const words = [
    'exec',
    'invoke',
    '--workspace',
    mesh().facts.workspace_id,
    '--tool',
    'demo_noop',
    '--args',
    '{}',
  ];
  const printed = await xeroctl(mesh(), words);
  expect([printed.code, printed.stderr]).toEqual([1, expect.stringContaining('insufficient_quota')]);
  const shown = await xeroctl(mesh(), ['project', 'update', '--tariff', 'none', '-o', 'json']);
  expect(Project.parse(JSON.parse(shown.stdout.toString())).tariff).toBeNull();
});

proves('limits.billing', 'calls and reruns are refused, reads and decisions go on', async () => {
  const ran = await run(mesh(), { tool: 'demo_noop' });
  const gated = await ask(mesh(), { tool: 'demo_effect' });
  await changeProject({ billing: 'delinquent' });
  const rerun = `/v1/exec/executions/${ran.execution_id}/rerun`;
  for (const request of [asking('demo_noop'), { ...asking('demo_noop'), path: rerun, body: {} }]) {
    const answer = await call(mesh(), request);
    expect([answer.status, codeOf(answer)]).toEqual([402, 'billing_delinquent']);
  }
  expect((await call(mesh(), { path: `${INVOCATIONS}/${ran.id}` })).status).toBe(200);
  expect((await decide(mesh(), gated.approval?.id ?? '', { verb: 'approve' })).status).toBe(200);
  expect(await settled(mesh(), gated.id)).toMatchObject({ status: 'completed' });
  await changeProject({ billing: 'current' });
  expect(await run(mesh(), { tool: 'demo_noop' })).toMatchObject({ status: 'completed' });
});

const Envelope = z.object({
  error: z.object({ retry_after: z.int(), retry_strategy: z.object({ initial_delay_ms: z.int() }) }),
});

const whoami = (as: 'service' | 'approver') => call(mesh(), { path: '/v1/whoami', as });

proves('limits.rate', 'the keys of a project together, and again after Retry-After', async () => {
  await changeProject({ rate: { per_minute: 60, burst: 5 } });
  const startedAt = clock.monotonic();
  const sent = await Promise.all(
    Array.from({ length: 12 }, (_, n) => whoami(n % 2 ? 'service' : 'approver')),
  );
  const refused = sent.filter(({ status }) => status === 429);
  const secondsAtMost = Math.ceil((clock.monotonic() - startedAt) / 1000);
  expect(sent.length - refused.length).toBeLessThanOrEqual(5 + secondsAtMost);
  const [first] = refused;
  if (!first) throw new Error('nothing was refused');
  const { error } = Envelope.parse(first.body);
  expect(Number(first.headers.get('retry-after'))).toBe(error.retry_after);
  expect(error.retry_strategy.initial_delay_ms).toBe(error.retry_after * 1000);
  expect(first.headers.get('x-ratelimit-limit')).toBe('60');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('0');
  await clock.sleep(error.retry_after * 1000);
  expect((await whoami('service')).status).toBe(200);
  await until('an operator who may send again', async () => {
    const answer = await call(mesh(), { method: 'PATCH', path: PROJECT, body: { rate: null } });
    return answer.status === 200;
  });
  expect((await whoami('service')).headers.get('x-ratelimit-limit')).not.toBe('60');
});

proves('limits.guess', 'with more wrong keys than an address may try', async () => {
  expect((await call(mesh(), { path: '/v1/whoami' })).status).toBe(200);
  const guess = async (n: number): Promise<number> => {
    const authorization = `Bearer xero_demo_${String(n).padStart(43, 'A')}`;
    return (await call(mesh(), { path: '/v1/whoami', as: null, headers: { authorization } })).status;
  };
  const guesses = await Promise.all(Array.from({ length: GUESSES + 20 }, (_, n) => guess(n)));
  expect(new Set(guesses)).toEqual(new Set([401, 429]));
  expect(guesses.filter((status) => status === 401).length).toBeLessThan(GUESSES + 10);
  expect((await call(mesh(), { path: '/v1/whoami' })).status).toBe(200);
});

const MIB = 1024 * 1024;

/** Pours a body without end on a connection until it is closed; the answer, and how many MiB went out. */
async function pour(
  line: string,
  piece: Buffer,
): Promise<{ readonly answer: string; readonly sent: number }> {
  const { router_url, keys } = mesh().facts;
  const socket = connect(Number(new URL(router_url).port), '127.0.0.1');
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  let [answer, sent] = ['', 0];
  socket.on('data', (bytes) => (answer += String(bytes)));
  socket.on('error', () => undefined);
  socket.write(
    `POST ${INVOCATIONS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys.service}\r\n${line}\r\n\r\n`,
  );
  while (sent < 100 && !socket.destroyed) {
    sent += 1;
    if (!socket.write(piece))
      await Promise.race([new Promise((resolve) => void socket.once('drain', resolve)), closed]);
  }
  await closed;
  return { answer, sent };
}

proves('limits.body', '100 MiB with a length and in chunks', async () => {
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB), Buffer.from('\r\n')]);
  const bodies = [
    [`Content-Length: ${100 * MIB}`, Buffer.alloc(MIB)],
    ['Transfer-Encoding: chunked', chunk],
  ] as const;
  for (const [line, piece] of bodies) {
    const { answer, sent } = await pour(line, piece);
    expect(answer).toMatch(/^HTTP\/1.1 413 [^]*connection: close[^]*payload_too_large/i);
    expect(sent).toBeLessThan(30);
    expect((await call(mesh(), { path: '/v1/whoami' })).status).toBe(200);
  }
});

proves('limits.usage', 'over HTTP and on the command line', async () => {
  const report = async (): Promise<UsageReport> =>
    UsageReport.parse((await call(mesh(), { path: '/v1/usage?group_by=tool' })).body);
  const { totals } = await report();
  await run(mesh(), { tool: 'demo_noop' });
  await run(mesh(), { tool: 'demo_fail' });
  await until('the sums of both', async () => (await report()).totals.calls >= totals.calls + 2);
  const sums = await report();
  expect(sums.rows.find(({ tool }) => tool === 'demo_fail')).toMatchObject({ completed: 0, failed: 1 });
  expect(sums.rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(sums.totals.calls);
  const { stdout } = await xeroctl(mesh(), ['usage', '--by', 'tool']);
  expect(stdout.toString()).toMatch(
    /^Tool +Calls +Completed +Failed +Timeout +Cancelled +Rejected +Credit\n[^]*demo_fail +1 +0 +1[^]*\nTotal +/,
  );
});
