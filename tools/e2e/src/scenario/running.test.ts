import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Execution } from '@xem/protocol';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { call, send } from '../mesh/api.ts';
import { doorIn } from '../mesh/door.ts';
import { ask, execution, reach, read, run, settled } from '../mesh/invoke.ts';
import { meshDir, removeMesh, startMesh, until, type Mesh } from '../mesh/mesh.ts';
import { startOwnAgent, type OwnAgent } from '../mesh/own-agent.ts';
import { proves } from '../proves.ts';

const MUCH_BYTES = 128 * 1024;
const CANARY = 'canary-5f0e"7d1c\\9b';

let mesh: Mesh;
let agent: OwnAgent;

beforeAll(async () => {
  mesh = await startMesh(await meshDir(), { XEM_LEASE_RENEWAL_INTERVAL_MS: '1000' });
  agent = await startOwnAgent(mesh, { name: 'own-agent', credentials: `CANARY=${CANARY}\n` });
});

afterAll(async () => {
  await agent.end('SIGKILL');
  await mesh.stop();
  await removeMesh(mesh.dir);
});

async function raw(executionId: string | null, stream: 'stdout' | 'stderr'): Promise<string> {
  const response = await send(mesh, { path: `/v1/exec/executions/${executionId}/raw?stream=${stream}` });
  expect(response.status).toBe(200);
  return response.text();
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a stream of the printing tool must be: so many lines that anybody can compute. */
const printed = (stream: string, seed: string, lines: number): string =>
  Array.from({ length: lines }, (_, i) => `${stream} ${i} ${sha256(`${stream} ${i} ${seed}`)}\n`).join('');

async function expectWhole(executionId: string | null, seed: string): Promise<void> {
  const [out, err] = [await raw(executionId, 'stdout'), await raw(executionId, 'stderr')];
  const lines = Number(/(\d+) lines\n$/.exec(out)?.[1]);
  expect(lines).toBeGreaterThan(100);
  expect(sha256(out)).toBe(sha256(`${printed('out', seed, lines)}${lines} lines\n`));
  expect(sha256(err)).toBe(sha256(printed('err', seed, lines)));
  const record = await execution(mesh, executionId ?? '');
  expect(record.stdout).toMatchObject({ sha256: sha256(out), truncated: false, missing: [] });
  expect(record.stderr).toMatchObject({ sha256: sha256(err), truncated: false, missing: [] });
}

const spooled = (executionId: string | null, name: string): string =>
  join(agent.stateDir, 'spool', `${executionId}.1`, name);

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** More than a run takes whose door is opened. */
const LONG_SECONDS = 600;

/** What a run of our agent may wait for, beside its seconds. */
function doorOf(name: string): { readonly door: string; readonly open: () => void } {
  const { args, open } = doorIn(mesh, name);
  return { ...args, open };
}

/** Waits until a tool of our agent has written so much more. */
async function untilPrinted(executionId: string | null, bytes: number): Promise<void> {
  const from = bytesOf(spooled(executionId, 'out'));
  await until('more output', () => bytesOf(spooled(executionId, 'out')) > from + bytes);
}

/** Waits until a tool of our agent has ended, whether or not the agent noticed. */
const untilEnded = (executionId: string | null): Promise<void> =>
  until('the end of the tool', () => bytesOf(spooled(executionId, 'exit')) > 0);

proves('running.upgrade', 'stopped with SIGTERM, killed, and killed again under one run', async () => {
  const { door, open } = doorOf('upgrade');
  const args = { seconds: LONG_SECONDS, seed: 'upgrade', door };
  const asked = await ask(mesh, { tool: 'running_print', args });
  const { execution_id } = await reach(mesh, asked.id, ['running']);
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGKILL'] as const) {
    await untilPrinted(execution_id, MUCH_BYTES);
    await agent.end(signal);
    await untilPrinted(execution_id, MUCH_BYTES);
    await agent.start();
  }
  open();
  const ended = await settled(mesh, asked.id);
  expect(ended).toMatchObject({ status: 'completed', attempt: 1, result: { exit_code: 0 } });
  expect(agent.starts('upgrade')).toBe(1);
  await expectWhole(ended.execution_id, 'upgrade');
});

proves('running.upgrade', 'a run that ends while no agent is there is brought by the next one', async () => {
  const { door, open } = doorOf('meanwhile');
  const args = { seconds: LONG_SECONDS, seed: 'meanwhile', door };
  const asked = await ask(mesh, { tool: 'running_print', args });
  const { execution_id } = await reach(mesh, asked.id, ['running']);
  await untilPrinted(execution_id, MUCH_BYTES);
  await agent.end('SIGKILL');
  open();
  await untilEnded(execution_id);
  await agent.start();
  const ended = await settled(mesh, asked.id);
  expect(ended).toMatchObject({ status: 'completed', attempt: 1 });
  await expectWhole(ended.execution_id, 'meanwhile');
});

/** Pids of the living processes that carry an execution's id. */
const carriersOf = (executionId: string | null): string[] =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes(`${executionId}`));

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

proves(
  'running.nothing-left',
  'with daemons in sessions of their own, all of them deaf to SIGTERM',
  async () => {
    const asked = await ask(mesh, { tool: 'running_daemons' });
    const { execution_id } = await reach(mesh, asked.id, ['running']);
    await until('the daemons', () => carriersOf(execution_id).length >= 6);
    await call(mesh, { method: 'POST', path: `/v1/exec/invocations/${asked.id}/cancel`, body: {} });
    expect(await settled(mesh, asked.id)).toMatchObject({
      status: 'cancelled',
      error: { code: 'cancelled' },
    });
    expect(carriersOf(execution_id)).toEqual([]);
  },
);

const executionsOf = async (invocationId: string): Promise<readonly Execution[]> => {
  const answer = await call(mesh, { path: `/v1/exec/executions?invocation_id=${invocationId}` });
  return z.object({ data: z.array(Execution) }).parse(answer.body).data;
};

proves('running.stood-still', 'stopped past its lease, with an order waiting in its socket', async () => {
  const { door, open } = doorOf('still');
  const args = { seconds: LONG_SECONDS, seed: 'still-1', door };
  const first = await ask(mesh, { tool: 'running_read', args });
  const { execution_id } = await reach(mesh, first.id, ['running']);
  process.kill(agent.pid(), 'SIGSTOP');
  open();
  const second = await ask(mesh, { tool: 'running_print', args: { seconds: 0.1, seed: 'still-2' } });
  await reach(mesh, first.id, ['queued']);
  await untilEnded(execution_id);
  expect(agent.starts('still-2')).toBe(0);
  process.kill(agent.pid(), 'SIGCONT');
  expect(await settled(mesh, first.id)).toMatchObject({ status: 'completed', attempt: 2 });
  expect((await settled(mesh, second.id)).status).toBe('completed');
  expect(agent.starts('still-2')).toBe(1);
  const late = (await executionsOf(first.id)).find(({ attempt }) => attempt === 1);
  expect(late).toMatchObject({ status: 'lost', exit_code: 0 });
  expect((await read(mesh, first.id)).execution_id).not.toBe(late?.id);
});

/** Every file of a folder. */
const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

const readProcess = (pid: number | string, what: string): string =>
  readFileSync(`/proc/${pid}/${what}`, 'latin1');

proves(
  'running.secrets',
  'not in output, whole or in pieces, nor in the journal, logs and databases',
  async () => {
    const other = await ask(mesh, { tool: 'demo_sleep', args: { seconds: 60 } });
    const { execution_id: sleeping } = await reach(mesh, other.id, ['running']);
    const ended = await run(mesh, { tool: 'running_environment' });
    expect(ended.status).toBe('completed');
    const out = await raw(ended.execution_id, 'stdout');
    expect(out.split(`CANARY=${'*'.repeat(CANARY.length)}\n`)).toHaveLength(3);
    expect(out).toContain(`\n${'*'.repeat(CANARY.length)}\n`);
    const processes = [agent.pid(), ...carriersOf(sleeping)];
    expect(processes.length).toBeGreaterThan(1);
    const places = [
      out,
      await raw(ended.execution_id, 'stderr'),
      agent.logged(),
      readFileSync(join(agent.stateDir, 'journal.db'), 'latin1'),
      readFileSync(join(agent.stateDir, 'journal.db-wal'), 'latin1'),
      await (await send(mesh, { path: '/v1/exec/journal?limit=200' })).text(),
      ...filesBelow(join(mesh.dir, 'router')),
      ...filesBelow(join(mesh.dir, 'log')),
      ...processes.flatMap((pid) => [readProcess(pid, 'environ'), readProcess(pid, 'cmdline')]),
    ];
    expect(places.filter((text) => text.includes(CANARY.slice(0, 10)))).toEqual([]);
    await call(mesh, { method: 'POST', path: `/v1/exec/invocations/${other.id}/cancel`, body: {} });
  },
);
