import { genesisHash, JournalEntry, JournalVerification } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import { expect, test } from 'vitest';
import type { VerbContext } from '../context.ts';
import { create as createWorkspace } from '../workspace/create.ts';
import { inWorld } from '../testing/index.ts';
import { list } from './list.ts';
import { verify } from './verify.ts';

/** The context of somebody whose store answers otherwise in one thing. */
function withJournal(
  ctx: VerbContext,
  change: Partial<VerbContext['store']['read']['journal']>,
): VerbContext {
  const { store } = ctx;
  const journal = { ...store.read.journal, ...change };
  return { ...ctx, store: { ...store, read: { ...store.read, journal } } };
}

test('journal.list shows the entries of the project, newest first, page by page', () =>
  inWorld(async ({ operator }) => {
    const whole = await list(operator, { limit: 100 });
    expect(whole.data.map((entry) => JournalEntry.parse(entry))).toEqual(whole.data);
    const seqs = whole.data.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    expect(seqs.at(-1)).toBe(1);
    const first = await list(operator, { limit: 4 });
    await createWorkspace(operator, { name: 'meanwhile' });
    const second = await list(operator, { limit: 100, after: first.next_cursor ?? '' });
    expect([...first.data, ...second.data]).toEqual(whole.data);
  }));

test('journal.list filters by types', () =>
  inWorld(async ({ operator }) => {
    const { data } = await list(operator, { limit: 100, types: 'project.created, workspace.created' });
    expect(data.map(({ type }) => type)).toEqual(['workspace.created', 'project.created']);
  }));

test('journal.list keeps to a span of time, page by page', () =>
  inWorld(async ({ operator, clock }) => {
    const made: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      await clock.advance(1000);
      await createWorkspace(operator, { name });
      made.push(toTimestamp(clock.now()));
    }
    const namesIn = async (span: object, after?: string): Promise<readonly unknown[]> => {
      const { data, next_cursor } = await list(operator, { limit: 1, ...span, ...(after && { after }) });
      const names = data.map((entry) => entry.data['name']);
      return next_cursor === null ? names : [...names, ...(await namesIn(span, next_cursor))];
    };
    expect(await namesIn({ created_after: made[0], created_before: made[3] })).toEqual(['c', 'b', 'a']);
    expect(await namesIn({ created_after: made[2] })).toEqual(['d', 'c']);
    expect(await namesIn({ created_after: toTimestamp(clock.now() + 1) })).toEqual([]);
    const { data } = await list(operator, { limit: 100, created_before: made[0] });
    expect(data.some(({ type }) => type === 'project.created')).toBe(true);
    expect(data.every(({ at }) => at < (made[0] ?? ''))).toBe(true);
  }));

test('journal.list refuses a type there is not', () =>
  inWorld(({ operator }) =>
    expect(list(operator, { limit: 20, types: 'project.created,nonsense' })).rejects.toMatchObject({
      code: 'invalid_body',
      param: 'types',
    }),
  ));

test('journal.list refuses a cursor of other filters', () =>
  inWorld(async ({ operator }) => {
    const { next_cursor } = await list(operator, { limit: 1 });
    const query = { limit: 1, types: 'project.created', after: next_cursor ?? '' };
    await expect(list(operator, query)).rejects.toMatchObject({ code: 'invalid_body', param: 'after' });
  }));

test.each(['service', 'inference'] as const)('journal.list and journal.verify refuse the %s key', (who) =>
  inWorld(async (world) => {
    const refusal = { code: 'scope_insufficient', status: 403 };
    await expect(list(world[who], { limit: 20 })).rejects.toMatchObject(refusal);
    await expect(verify(world[who])).rejects.toMatchObject(refusal);
  }),
);

test('journal.verify lets a human with the scope execution walk the whole chain', () =>
  inWorld(async ({ approver, store, seed }) => {
    const head = await store.read.journal.head(seed.project_id);
    const verdict = JournalVerification.parse(await verify(approver));
    expect(verdict).toEqual({
      object: 'journal_verification',
      ok: true,
      entries: head.seq,
      head,
      first_bad_seq: null,
      checkpoint_seq: null,
    });
  }));

test('journal.verify walks chains longer than one page', () =>
  inWorld(async ({ operator }) => {
    await Promise.all(Array.from({ length: 300 }, (_, at) => createWorkspace(operator, { name: `w${at}` })));
    expect(await verify(operator)).toMatchObject({ ok: true, first_bad_seq: null });
  }));

test.each<[string, (entry: JournalEntry) => JournalEntry[]]>([
  ['was changed', (entry) => [{ ...entry, data: { forged: true } }]],
  ['was removed', () => []],
  ['names another one before it', (entry) => [{ ...entry, prev_hash: '0'.repeat(64) }]],
])('journal.verify names the first entry that %s', (_, forge) =>
  inWorld(async ({ operator, store }) => {
    const forged = withJournal(operator, {
      links: async (...query) => {
        const entries = await store.read.journal.links(...query);
        return entries.flatMap((entry) => (entry.seq === 3 ? forge(entry) : [entry]));
      },
    });
    expect(await verify(forged)).toMatchObject({ ok: false, entries: 2, first_bad_seq: 3 });
  }),
);

test('journal.verify sees that the end was cut off', () =>
  inWorld(async ({ operator, store }) => {
    const { seq } = await store.read.journal.head(operator.projectId);
    const cut = withJournal(operator, {
      links: async (...query) =>
        (await store.read.journal.links(...query)).filter((entry) => entry.seq < seq),
    });
    expect(await verify(cut)).toMatchObject({ ok: false, first_bad_seq: seq });
  }));

test('journal.verify sees that the chain was written anew under the old head', () =>
  inWorld(async ({ operator, store }) => {
    const head = {
      ...(await store.read.journal.head(operator.projectId)),
      hash: genesisHash(operator.projectId),
    };
    const anew = withJournal(operator, { head: async () => head });
    expect(await verify(anew)).toMatchObject({ ok: false, first_bad_seq: head.seq });
  }));
