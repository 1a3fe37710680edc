import { OUTPUT_STREAMS, sha256Hex, type OutputStream, type ProjectId } from '@xem/protocol';
import { expect } from 'vitest';
import type { ExecutionRecord } from '../record/execution.ts';
import type { Store } from '../store.ts';
import { makeProject } from '../testing/record/access.ts';
import { makeExecution, makeInvocation } from '../testing/record/invocation.ts';
import { eachRow, stageFor, type Contract, type OpenStore } from './subject.ts';

const KIB = 1024;
const WHOLE = Number.MAX_SAFE_INTEGER;

/** `length` bytes that repeat with no simple period, NUL and invalid UTF-8 among them. */
export const noise = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 17 + (at >> 16) * 7 + seed) & 0xff);

/** A stream of an execution that exists. */
interface Pipe {
  readonly execution: ExecutionRecord;
  readonly append: (offset: number, bytes: Uint8Array, stream?: OutputStream) => Promise<number>;
  readonly read: (from?: number, to?: number, projectId?: ProjectId) => Promise<Buffer>;
}

export function pipeTo(store: Pick<Store, 'outputs'>, execution: ExecutionRecord): Pipe {
  const { projectId, id: executionId } = execution;
  return {
    execution,
    append: (offset, bytes, stream = 'stdout') =>
      store.outputs.append({ projectId, executionId, stream, offset, bytes }),
    read: async (from = 0, to = WHOLE, asked = projectId) => {
      const pieces: Uint8Array[] = [];
      const range = { projectId: asked, executionId, stream: 'stdout' as const, from, to };
      for await (const piece of store.outputs.read(range)) pieces.push(piece);
      expect(Math.max(0, ...pieces.map(({ length }) => length))).toBeLessThanOrEqual(64 * KIB);
      return Buffer.concat(pieces);
    },
  };
}

/** A store with an execution in it that may write. */
export async function stageOfPipe(open: OpenStore) {
  const stage = await stageFor(open);
  const { store, making, workspace, agent } = stage;
  const call = makeInvocation(making, workspace);
  const execution = makeExecution(making, call, { agentId: agent.id });
  await store.transact(async (tx) => {
    await tx.invocations.insert(call);
    await tx.executions.insert(execution);
  });
  const { projectId, id } = execution;
  const seal = async (from: Store = store) => (await from.outputs.seal(projectId, id)).stdout;
  return { ...stage, ...pipeTo(store, execution), seal };
}

/** Compares without a walk through every element, which takes seconds for megabytes. */
export const expectSame = (found: Buffer, expected: Uint8Array): void => {
  expect(found.length).toBe(expected.length);
  expect(found.equals(expected)).toBe(true);
};

export const digest = (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: sha256Hex(bytes) });

/** Around the place where rows end and a file begins. */
const LENGTHS: Readonly<Record<string, number>> = {
  'of one byte': 1,
  'of exactly the greatest size in rows': 256 * KIB,
  'that is a byte too long for rows': 256 * KIB + 1,
  'of three megabytes': 3 * KIB * KIB,
};

const keepsWhole = (what: string, length: number): Contract => ({
  [`outputs keeps every byte of a stream ${what}, however it is cut`]: async (open) => {
    const { append, read, seal } = await stageOfPipe(open);
    const bytes = noise(length);
    const cut = Math.max(1, Math.floor(length / 29));
    for (let at = 0; at < length; at += cut) await append(at, bytes.subarray(at, at + cut));
    expectSame(await read(), bytes);
    expect(await seal()).toEqual(digest(bytes));
    expectSame(await read(), bytes);
  },
});

/** What any store does with output. */
export const outputContract: Contract = {
  ...eachRow(LENGTHS, keepsWhole),

  'outputs takes one piece that is larger than all rows together': async (open) => {
    const { append, read, seal } = await stageOfPipe(open);
    const bytes = noise(700 * KIB);
    expect(await append(0, bytes)).toBe(bytes.length);
    expectSame(await read(), bytes);
    expect(await seal()).toEqual(digest(bytes));
  },

  'outputs.seal answers the empty stream for one that has no bytes': async (open) => {
    const { store, append, read, execution } = await stageOfPipe(open);
    expect(await append(0, new Uint8Array())).toBe(0);
    const sealed = await store.outputs.seal(execution.projectId, execution.id);
    expect(sealed).toEqual({ stdout: digest(new Uint8Array()), stderr: digest(new Uint8Array()) });
    expect(await read()).toHaveLength(0);
    expect(await store.outputs.stored(execution.id)).toEqual({ stdout: 0, stderr: 0 });
  },

  'outputs keeps the two streams apart': async (open) => {
    const { store, append, read, execution } = await stageOfPipe(open);
    await Promise.all([append(0, noise(10)), append(0, noise(300 * KIB, 9), 'stderr')]);
    expect(await store.outputs.stored(execution.id)).toEqual({ stdout: 10, stderr: 300 * KIB });
    expectSame(await read(), noise(10));
    const sealed = await store.outputs.seal(execution.projectId, execution.id);
    expect(sealed).toEqual({ stdout: digest(noise(10)), stderr: digest(noise(300 * KIB, 9)) });
  },

  'outputs.append stores only what is new of a piece that was stored in part': async (open) => {
    const { append, read } = await stageOfPipe(open);
    const bytes = noise(1000);
    expect(await append(0, bytes.subarray(0, 600))).toBe(600);
    expect(await append(0, bytes.subarray(0, 600))).toBe(600);
    expect(await append(200, bytes.subarray(200, 500))).toBe(600);
    expect(await append(500, bytes.subarray(500))).toBe(1000);
    expectSame(await read(), bytes);
  },

  'outputs.append does not store a piece beyond the end, and answers where the end is': async (open) => {
    const { append, read } = await stageOfPipe(open);
    expect(await append(5, noise(5))).toBe(0);
    expect(await append(0, noise(5))).toBe(5);
    expect(await append(6, noise(5))).toBe(5);
    expect(await append(300 * KIB, noise(5))).toBe(5);
    expectSame(await read(), noise(5));
  },

  'outputs.seal waits for the pieces that came before it': async (open) => {
    const { append, read, seal } = await stageOfPipe(open);
    const bytes = noise(2600 * KIB);
    const cut = 10 * KIB;
    const pieces = Array.from({ length: bytes.length / cut }, (_, nth) => nth * cut);
    const appended = pieces.map((at) => append(at, bytes.subarray(at, at + cut)));
    expect(await seal()).toEqual(digest(bytes));
    expect(Math.max(...(await Promise.all(appended)))).toBe(bytes.length);
    expectSame(await read(), bytes);
  },

  'outputs.read answers any range, also across rows and file': async (open) => {
    const { append, read } = await stageOfPipe(open);
    const bytes = noise(600 * KIB);
    for (let at = 0; at < bytes.length; at += 100_000) await append(at, bytes.subarray(at, at + 100_000));
    const ranges = [
      [0, 0],
      [0, 1],
      [99_999, 100_001],
      [5, 400_000],
      [250_000, 600 * KIB],
      [600 * KIB, WHOLE],
    ];
    for (const [from = 0, to = 0] of ranges) {
      expectSame(await read(from, to), bytes.subarray(from, to));
    }
  },

  'outputs.read shows a project nothing of another': async (open) => {
    const { making, append, read } = await stageOfPipe(open);
    await append(0, noise(10));
    expect(await read(0, WHOLE, makeProject(making).id)).toHaveLength(0);
  },

  'outputs.append refuses an execution that does not exist, and one of another project': async (open) => {
    const { store, making, workspace, agent, execution, append } = await stageOfPipe(open);
    const absent = makeExecution(making, makeInvocation(making, workspace), { agentId: agent.id });
    const stranger = pipeTo(store, { ...execution, projectId: makeProject(making).id });
    const lost = pipeTo(store, absent);
    await expect(lost.append(0, noise(1))).rejects.toThrow(Error);
    await append(0, noise(1));
    await expect(stranger.append(1, noise(1))).rejects.toThrow(/another project/);
  },

  'outputs goes on after a restart in the middle of a stream': async (open) => {
    const { store, append, execution, seal } = await stageOfPipe(open);
    const bytes = noise(900 * KIB);
    await append(0, bytes.subarray(0, 100 * KIB));
    const second = await store.reopen();
    await pipeTo(second, execution).append(100 * KIB, bytes.subarray(100 * KIB, 500 * KIB));
    const third = await second.reopen();
    expect(await third.outputs.stored(execution.id)).toEqual({ stdout: 500 * KIB, stderr: 0 });
    await pipeTo(third, execution).append(400 * KIB, bytes.subarray(400 * KIB));
    expect(await seal(third)).toEqual(digest(bytes));
    const fourth = await third.reopen();
    expect(await seal(fourth)).toEqual(digest(bytes));
    await fourth.close();
  },

  'outputs.seal lets late pieces in, and can be asked again': async (open) => {
    const { append, seal, read } = await stageOfPipe(open);
    const bytes = noise(400 * KIB);
    await append(0, bytes.subarray(0, 300 * KIB));
    expect(await seal()).toEqual(digest(bytes.subarray(0, 300 * KIB)));
    await append(300 * KIB, bytes.subarray(300 * KIB));
    expect(await seal()).toEqual(digest(bytes));
    expectSame(await read(), bytes);
  },

  'outputs.remove leaves nothing of an execution': async (open) => {
    const { store, append, read, execution } = await stageOfPipe(open);
    for (const stream of OUTPUT_STREAMS) await append(0, noise(400 * KIB), stream);
    await store.outputs.remove(execution.projectId, execution.id);
    expect(await store.outputs.stored(execution.id)).toEqual({ stdout: 0, stderr: 0 });
    expect(await read()).toHaveLength(0);
    expect(await append(0, noise(3))).toBe(3);
    expectSame(await read(), noise(3));
  },

  'outputs writes more streams at a time than it keeps files open': async (open) => {
    const { store, making, workspace, agent } = await stageOfPipe(open);
    const call = makeInvocation(making, workspace);
    const executions = Array.from({ length: 100 }, () => makeExecution(making, call, { agentId: agent.id }));
    await store.transact(async (tx) => {
      await tx.invocations.insert(call);
      for (const row of executions) await tx.executions.insert(row);
    });
    const bytes = noise(300 * KIB);
    const pipes = executions.map((row) => pipeTo(store, row));
    await Promise.all(pipes.map((pipe) => pipe.append(0, bytes.subarray(0, 280 * KIB))));
    await Promise.all(pipes.map((pipe) => pipe.append(280 * KIB, bytes.subarray(280 * KIB))));
    const sealed = await Promise.all(executions.map((row) => store.outputs.seal(row.projectId, row.id)));
    for (const { stdout } of sealed) expect(stdout).toEqual(digest(bytes));
  },
};
