import { entryHash, ProjectId, type JournalEntry } from '@xem/protocol';
import { expect, test } from 'vitest';
import { chainStart, followChain } from './chain.ts';
import { makeEntry } from './testing/record/invocation.ts';
import { systemMaking } from './testing/scene.ts';

const making = systemMaking();
const projectId = ProjectId.parse('prj_000000000000000000000001');
const other = ProjectId.parse('prj_000000000000000000000002');

/** A good chain of three entries. */
function makeChain(): readonly [JournalEntry, JournalEntry, JournalEntry] {
  const link = (before: { readonly seq: number; readonly hash: string }): JournalEntry => {
    const draft = makeEntry(making, projectId);
    const sealed = {
      object: 'journal_entry' as const,
      ...draft,
      seq: before.seq + 1,
      prev_hash: before.hash,
    };
    return { ...sealed, hash: entryHash(sealed) };
  };
  const first = link(chainStart(projectId).head);
  const second = link(first);
  return [first, second, link(second)];
}

test('followChain follows a good chain in one go or piece by piece', () => {
  const [first, second, third] = makeChain();
  const whole = followChain(chainStart(projectId), [first, second, third]);
  expect(whole).toEqual({ projectId, entries: 3, head: { seq: 3, hash: third.hash }, firstBadSeq: null });
  expect(followChain(followChain(chainStart(projectId), [first]), [second, third])).toEqual(whole);
});

const forged = (entry: JournalEntry, change: Partial<JournalEntry>): JournalEntry => {
  const { hash: _, ...sealed } = { ...entry, ...change };
  return { ...sealed, hash: entryHash(sealed) };
};

test.each([
  ['whose data was changed', (entry: JournalEntry) => ({ ...entry, data: { forged: true } })],
  [
    'that was sealed again after a change',
    (entry: JournalEntry) => forged(entry, { prev_hash: '0'.repeat(64) }),
  ],
  ['with another number', (entry: JournalEntry) => forged(entry, { seq: 7 })],
  ['of another project', (entry: JournalEntry) => forged(entry, { project_id: other })],
])('followChain stays before an entry %s', (_, change) => {
  const [first, second, third] = makeChain();
  const met = followChain(chainStart(projectId), [first, change(second), third]);
  expect(met).toMatchObject({ entries: 1, head: { seq: 1 }, firstBadSeq: 2 });
  expect(followChain(met, [second, third])).toBe(met);
});

test('followChain notices an entry that was taken out, and one that is sealed over another past', () => {
  const [first, second, third] = makeChain();
  expect(followChain(chainStart(projectId), [first, third]).firstBadSeq).toBe(2);
  const rewritten = forged(second, { data: { forged: true } });
  expect(followChain(chainStart(projectId), [first, rewritten, third]).firstBadSeq).toBe(3);
});
