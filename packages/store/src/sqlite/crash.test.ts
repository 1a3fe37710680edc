import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog, systemClock } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { chainStart, followChain } from '../chain.ts';
import type { Store } from '../store.ts';
import { startWriter, WriterMessage } from '../testing/crash.ts';
import { openSqliteStore } from './open.ts';

const ENOUGH = 300;
const TIMEOUT_MS = 120_000;

type Acknowledged = Extract<WriterMessage, { kind: 'acknowledged' }>;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'xem-crash-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Whatever was acknowledged is there, and the chain of the journal is whole. */
async function expectAllIn(dataDir: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  const store = await openSqliteStore({ dataDir, clock: systemClock(), log: silentLog });
  onTestFinished(() => store.close());
  for (const { projectId, id, executionId, stored } of acknowledged) {
    expect(await store.read.invocations.get(projectId, id)).toMatchObject({ id });
    const sealed = await store.outputs.seal(projectId, executionId);
    expect(sealed.stdout.bytes).toBe(stored);
  }
  await expectWholeChain(store, acknowledged);
}

async function expectWholeChain(store: Store, acknowledged: readonly Acknowledged[]): Promise<void> {
  const [project] = await store.read.access.projects();
  if (!project) throw new Error('the writer made a project');
  const entries = await store.read.journal.after(project.id, 0, Number.MAX_SAFE_INTEGER);
  const walked = followChain(chainStart(project.id), entries);
  expect(walked.firstBadSeq).toBeNull();
  expect(walked.entries).toBeGreaterThanOrEqual(acknowledged.length);
}

test(
  'openSqliteStore keeps all that was acknowledged before a kill -9',
  { timeout: TIMEOUT_MS },
  async () => {
    const dataDir = await makeFolder();
    const writer = startWriter(dataDir);
    const acknowledged: Acknowledged[] = [];
    writer.on('message', (raw) => {
      const message = WriterMessage.parse(raw);
      if (message.kind === 'acknowledged') acknowledged.push(message);
      if (acknowledged.length === ENOUGH) writer.kill('SIGKILL');
    });
    expect(await once(writer, 'exit')).toEqual([null, 'SIGKILL']);
    expect(acknowledged.length).toBeGreaterThanOrEqual(ENOUGH);
    await expectAllIn(dataDir, acknowledged);
  },
);

/** A file size limit in blocks of 512 bytes: a write beyond it is an I/O error. */
const limitedNode = (blocks: number): string =>
  `#!/bin/sh\nulimit -f ${blocks}\nexec '${process.execPath}' "$@"\n`;

test('transact answers unavailable when the disk fails under a commit', { timeout: TIMEOUT_MS }, async () => {
  const dataDir = await makeFolder();
  const node = join(dataDir, 'limited-node');
  await writeFile(node, limitedNode(4096));
  await chmod(node, 0o700);
  const writer = startWriter(dataDir, node);
  const messages: WriterMessage[] = [];
  writer.on('message', (raw) => void messages.push(WriterMessage.parse(raw)));
  await once(writer, 'exit');
  const acknowledged = messages.filter((message) => message.kind === 'acknowledged');
  expect(messages.filter(({ kind }) => kind === 'fatal')).toHaveLength(1);
  const ended = messages.find((message) => message.kind === 'ended');
  expect(new Set(ended?.reasons)).toEqual(new Set(['unavailable']));
  expect(ended?.after).toMatch(/ExecError/);
  await expectAllIn(dataDir, acknowledged);
});
