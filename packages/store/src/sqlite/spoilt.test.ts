import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { chainStart, followChain } from '../chain.ts';
import { openTestStore, systemMaking } from '../testing/index.ts';
import { makeProject } from '../testing/record/access.ts';
import { makeEntry } from '../testing/record/invocation.ts';

/** A chain of six entries, of which SQL then spoils one. */
async function spoilt(sql: string) {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  const making = systemMaking();
  const project = makeProject(making);
  await store.transact(async (tx) => {
    await tx.access.insertProject(project);
    for (let nth = 0; nth < 6; nth += 1) await tx.journal.append([makeEntry(making, project.id)]);
  });
  const other = new Database(join(store.dataDir, 'xem.db'));
  other.exec(sql);
  other.close();
  return { journal: store.read.journal, projectId: project.id };
}

test.each([
  `UPDATE journal SET data = '{"text":' WHERE seq = 4`,
  `UPDATE journal SET data = x'ff00' WHERE seq = 4`,
  `UPDATE journal SET actor = '' WHERE seq = 4`,
])('journal.links ends before an entry that cannot be read: %s', async (sql) => {
  const { journal, projectId } = await spoilt(sql);
  const links = await journal.links(projectId, 0, 256);
  const { head, firstBadSeq } = followChain(chainStart(projectId), links);
  expect(firstBadSeq ?? head.seq + 1).toBe(4);
});

test('journal.after does not pass over an entry that cannot be read', async () => {
  const { journal, projectId } = await spoilt(`UPDATE journal SET data = '{"text":' WHERE seq = 4`);
  await expect(journal.after(projectId, 0, 256)).rejects.toThrow(SyntaxError);
  expect(await journal.links(projectId, 4, 256)).toHaveLength(2);
});

test('followChain finds an entry that has no canonical form', async () => {
  const { journal, projectId } = await spoilt(
    String.raw`UPDATE journal SET data = '{"text":"\ud800"}' WHERE seq = 2`,
  );
  const links = await journal.links(projectId, 0, 256);
  expect(followChain(chainStart(projectId), links)).toMatchObject({ entries: 1, firstBadSeq: 2 });
});
