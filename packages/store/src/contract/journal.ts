import { ENTRY_DATA_BYTES_MAX, InvocationId, type JournalEntry, type ProjectId } from '@xem/protocol';
import { recordingLog, virtualClock } from '@xem/runtime/testing';
import { expect } from 'vitest';
import { chainStart, followChain } from '../chain.ts';
import type { Store } from '../store.ts';
import { makeAgentId, makeProject } from '../testing/record/access.ts';
import { makeEntry } from '../testing/record/invocation.ts';
import { stageFor, type Contract } from './subject.ts';

const PAGE = 64;

const aboutAgent = (id: string) => ({ subject: { type: 'agent', id } });

/** Walks a whole chain, page by page. */
async function walk(store: Store, projectId: ProjectId) {
  let at = chainStart(projectId);
  for (;;) {
    const page = await store.read.journal.after(projectId, at.head.seq, PAGE);
    at = followChain(at, page);
    if (page.length < PAGE || at.firstBadSeq !== null) return at;
  }
}

const seqs = async (found: Promise<readonly JournalEntry[]>): Promise<readonly number[]> =>
  (await found).map(({ seq }) => seq);

const dataOf = (bytes: number) => ({ x: 'x'.repeat(bytes - '{"x":""}'.length) });

/** What any store does with the journal. */
export const journalContract: Contract = {
  'journal.append chains the entries of each project without a gap, whatever is undone': async (open) => {
    const { store, making, project } = await stageFor(open);
    const other = makeProject(making);
    await store.transact((tx) => tx.access.insertProject(other));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, (_, nth) =>
        store.transact(async (tx) => {
          await tx.journal.append([makeEntry(making, project.id, { data: { nth } })]);
          await tx.journal.append([makeEntry(making, other.id), makeEntry(making, project.id)]);
          if (nth % 5 === 0) throw new RangeError('undone');
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(60);
    const [mine, theirs] = [await walk(store, project.id), await walk(store, other.id)];
    expect(mine).toMatchObject({ firstBadSeq: null, entries: 480 });
    expect(theirs).toMatchObject({ firstBadSeq: null, entries: 240 });
    expect(mine.head).toEqual(await store.read.journal.head(project.id));
  },

  'onCommit hears the committed entries in order, before transact answers': async (open) => {
    const { store, making, project } = await stageFor(open, { clock: virtualClock() });
    const heard: JournalEntry[] = [];
    const stop = store.onCommit((entries) => void heard.push(...entries));
    const write = (nth: number) =>
      store.transact(async (tx) => {
        await tx.journal.append([makeEntry(making, project.id, { data: { nth } })]);
        if (nth === 2) throw new RangeError('undone');
      });
    const told = [1, 2, 3].map((nth) =>
      write(nth).then(
        () => heard.length,
        () => -1,
      ),
    );
    expect(await Promise.all(told)).toEqual([2, -1, 2]);
    expect(heard.map(({ seq, data }) => [seq, data])).toEqual([
      [1, { nth: 1 }],
      [2, { nth: 3 }],
    ]);
    expect(heard).toEqual(await store.read.journal.after(project.id, 0, 10));
    stop();
    await write(4);
    expect(heard).toHaveLength(2);
  },

  'onCommit logs a listener that throws, and tells the others': async (open) => {
    const log = recordingLog();
    const { store, making, project } = await stageFor(open, { log });
    let heard = 0;
    store.onCommit(() => {
      throw new RangeError('listener');
    });
    store.onCommit(() => (heard += 1));
    await store.transact((tx) => tx.journal.append([makeEntry(making, project.id)]));
    expect(heard).toBe(1);
    expect(log.lines.map(({ event }) => event)).toContain('store.listener_failed');
  },

  'journal.append takes data of the greatest size and refuses a byte more': async (open) => {
    const { store, making, project } = await stageFor(open);
    const write = (bytes: number) =>
      store.transact((tx) => tx.journal.append([makeEntry(making, project.id, { data: dataOf(bytes) })]));
    await write(ENTRY_DATA_BYTES_MAX);
    await expect(write(ENTRY_DATA_BYTES_MAX + 1)).rejects.toThrow(/bytes/);
    expect((await store.read.journal.head(project.id)).seq).toBe(1);
  },

  'journal.list filters by type and by invocation, newest first': async (open) => {
    const { store, making, project } = await stageFor(open);
    const invocationId = InvocationId.parse(making.ids.uuid());
    const refs = { invocation_id: invocationId };
    const drafts = [
      makeEntry(making, project.id, { type: 'invocation.created', refs }),
      makeEntry(making, project.id, { type: 'agent.online' }),
      makeEntry(making, project.id, { type: 'invocation.queued', refs }),
      makeEntry(making, project.id, { type: 'agent.online' }),
      makeEntry(making, project.id, { type: 'invocation.created' }),
    ];
    await store.transact((tx) => tx.journal.append(drafts));
    const { journal } = store.read;
    const types = ['agent.online', 'invocation.created'];
    expect(await seqs(journal.list(project.id, {}, { limit: 2 }))).toEqual([5, 4]);
    expect(await seqs(journal.list(project.id, {}, { limit: 9, beforeSeq: 3 }))).toEqual([2, 1]);
    expect(await seqs(journal.list(project.id, {}, { limit: 9, beforeSeq: 5, afterSeq: 2 }))).toEqual([4, 3]);
    expect(await seqs(journal.list(project.id, { types }, { limit: 9, afterSeq: 3 }))).toEqual([5, 4]);
    expect(await seqs(journal.list(project.id, { types }, { limit: 3 }))).toEqual([5, 4, 2]);
    expect(await seqs(journal.list(project.id, { types, invocationId }, { limit: 3 }))).toEqual([1]);
    expect(await seqs(journal.list(project.id, { invocationId }, { limit: 9, beforeSeq: 3 }))).toEqual([1]);
    expect(await seqs(journal.list(project.id, { types: [] }, { limit: 9 }))).toEqual([]);
    expect(await seqs(journal.ofInvocation(project.id, invocationId, 0))).toEqual([1, 3]);
    expect(await seqs(journal.ofInvocation(project.id, invocationId, 1))).toEqual([3]);
    expect(await seqs(journal.after(project.id, 2, 2))).toEqual([3, 4]);
  },

  'journal.ofAgent answers what happened to an agent, newest first': async (open) => {
    const { store, making, project } = await stageFor(open);
    const [agent, other] = [makeAgentId(making), makeAgentId(making)];
    const drafts = [
      makeEntry(making, project.id, { type: 'agent.online', ...aboutAgent(agent) }),
      makeEntry(making, project.id, { type: 'agent.online', ...aboutAgent(other) }),
      makeEntry(making, project.id, { type: 'invocation.created', refs: { agent_id: agent } }),
      makeEntry(making, project.id, { type: 'agent.offline', ...aboutAgent(agent) }),
    ];
    await store.transact((tx) => tx.journal.append(drafts));
    const { journal } = store.read;
    expect(await seqs(journal.ofAgent(project.id, agent, { limit: 9 }))).toEqual([4, 1]);
    expect(await seqs(journal.ofAgent(project.id, agent, { limit: 9, beforeSeq: 4 }))).toEqual([1]);
    expect(await seqs(journal.ofAgent(makeProject(making).id, agent, { limit: 9 }))).toEqual([]);
  },

  'journal shows a project nothing of another': async (open) => {
    const { store, making, project } = await stageFor(open);
    const other = makeProject(making);
    const refs = { invocation_id: InvocationId.parse(making.ids.uuid()) };
    await store.transact((tx) => tx.journal.append([makeEntry(making, project.id, { refs })]));
    const { journal } = store.read;
    expect(await journal.list(other.id, {}, { limit: 9 })).toEqual([]);
    expect(await journal.after(other.id, 0, 9)).toEqual([]);
    expect(await journal.ofInvocation(other.id, refs.invocation_id, 0)).toEqual([]);
    expect(await journal.head(other.id)).toEqual(chainStart(other.id).head);
  },
};
