import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { call, codeOf, send } from '../mesh/api.ts';
import { ask, execution, run } from '../mesh/invoke.ts';
import { pidsOf, type Mesh } from '../mesh/mesh.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const MIB = 1024 * 1024;

const rawPath = (executionId: string | null, stream = 'stdout'): string =>
  `/v1/exec/executions/${executionId}/raw?stream=${stream}`;

async function raw(executionId: string | null, stream = 'stdout'): Promise<Buffer> {
  const response = await send(mesh(), { path: rawPath(executionId, stream) });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

proves('bytes.binary', '100,000 bytes of every value, equal to the hash the agent took', async () => {
  const ended = await run(mesh(), { tool: 'demo_flood', args: { bytes: 100_000, pattern: 'binary' } });
  const bytes = await raw(ended.execution_id);
  const { stdout } = await execution(mesh(), ended.execution_id ?? '');
  expect(bytes).toHaveLength(100_000);
  expect(new Set(bytes).size).toBe(256);
  expect(sha256(bytes)).toBe(stdout?.sha256);
});

proves('bytes.empty', 'no bytes, the hash of nothing, and a completed call', async () => {
  const ended = await run(mesh(), { tool: 'demo_flood', args: { bytes: 0 } });
  expect(ended).toMatchObject({ status: 'completed', result: { stdout_bytes: 0, stderr_bytes: 0 } });
  expect(await raw(ended.execution_id)).toHaveLength(0);
  expect((await execution(mesh(), ended.execution_id ?? '')).stdout?.sha256).toBe(sha256(Buffer.alloc(0)));
});

proves('bytes.apart', 'what went to either stream comes back from it alone', async () => {
  const ended = await run(mesh(), { tool: 'demo_fail', args: { exit_code: 3, stderr: 'it broke' } });
  expect(ended).toMatchObject({
    status: 'failed',
    error: { code: 'tool_exit_nonzero' },
    result: { exit_code: 3 },
  });
  expect((await raw(ended.execution_id, 'stderr')).toString('utf8')).toContain('it broke');
  expect((await raw(ended.execution_id)).toString('utf8')).not.toContain('it broke');
});

proves(
  'bytes.range',
  'first bytes, middle, last bytes, beyond the end, and an ETag that matches',
  async () => {
    const ended = await run(mesh(), { tool: 'demo_flood', args: { bytes: 1000, pattern: 'text' } });
    const whole = await raw(ended.execution_id);
    const part = async (range: string) => {
      const response = await send(mesh(), { path: rawPath(ended.execution_id), headers: { range } });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    };
    expect(await part('bytes=0-9')).toEqual({ status: 206, bytes: whole.subarray(0, 10) });
    expect(await part('bytes=500-')).toEqual({ status: 206, bytes: whole.subarray(500) });
    expect(await part('bytes=-7')).toEqual({ status: 206, bytes: whole.subarray(-7) });
    expect((await part('bytes=1000-')).status).toBe(416);
    const etag = `"${sha256(whole)}"`;
    const unchanged = await send(mesh(), {
      path: rawPath(ended.execution_id),
      headers: { 'if-none-match': etag },
    });
    expect(unchanged.status).toBe(304);
  },
);

const residentBytes = (pid: number): number => {
  const [, kib = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
};
const peaks = ({ facts }: Mesh): readonly number[] => pidsOf(facts).map(residentBytes);

/** Passes output through the whole mesh on both streams. */
const flood = (bytes: number) => run(mesh(), { tool: 'demo_flood', args: { bytes, stream: 'both' } });

proves(
  'bytes.large',
  '64 MiB on both streams, for less than 64 MiB more than a smaller run took',
  async () => {
    await flood(32 * MIB);
    const before = peaks(mesh());
    const ended = await flood(64 * MIB);
    expect(ended).toMatchObject({
      status: 'completed',
      result: { stdout_bytes: 64 * MIB, stderr_bytes: 64 * MIB },
    });
    const record = await execution(mesh(), ended.execution_id ?? '');
    for (const stream of ['stdout', 'stderr'] as const) {
      const response = await send(mesh(), { path: rawPath(ended.execution_id, stream) });
      const hash = createHash('sha256');
      let length = 0;
      for await (const piece of response.body ?? []) {
        hash.update(piece);
        length += piece.byteLength;
      }
      expect([length, hash.digest('hex')]).toEqual([64 * MIB, record[stream]?.sha256]);
    }
    const grown = peaks(mesh()).map((peak, index) => peak - (before[index] ?? 0));
    expect(Math.max(...grown)).toBeLessThan(64 * MIB);
  },
);

proves('bytes.binary', 'raw is refused before the end, and for an execution nobody knows', async () => {
  const running = await ask(mesh(), { tool: 'demo_sleep', args: { seconds: 30 } });
  const early = await call(mesh(), { path: rawPath(running.execution_id) });
  expect([early.status, codeOf(early)]).toEqual([409, 'invalid_state']);
  const unknown = await call(mesh(), { path: rawPath('01900000-0000-7000-8000-000000000000') });
  expect([unknown.status, codeOf(unknown)]).toEqual([404, 'execution_not_found']);
  await call(mesh(), { method: 'POST', path: `/v1/exec/invocations/${running.id}/cancel`, body: {} });
});
