import { DAY_MS, ExecutionId, SignedHead, type JournalEntry } from '@xem/protocol';
import { expect, test } from 'vitest';
import type { Services } from '../context.ts';
import { raw } from '../execution/raw.ts';
import { removeExpired } from '../execution/remove-expired.ts';
import { askFor, end, inWorld, servingAgent, start, type TestWorld } from '../testing/index.ts';
import { create as createWorkspace } from '../workspace/create.ts';
import { createChains } from './chains.ts';
import { checkHeads } from './check-heads.ts';
import { cutJournal } from './cut.ts';
import { list } from './list.ts';
import { signHead } from './sign-head.ts';
import { isSignedBy } from './signed-head.ts';
import { verify } from './verify.ts';

/** Services that keep the journal for a day. */
const keeping = ({ services }: TestWorld): Services => ({
  ...services,
  settings: { ...services.settings, journalRetentionMs: DAY_MS },
});

async function fill({ operator }: TestWorld, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth++) await createWorkspace(operator, { name: `w${nth}` });
}

async function cutAll(world: TestWorld): Promise<number> {
  const services = keeping(world);
  let removed = 0;
  for (let cut = -1; cut !== 0; removed += cut) cut = await cutJournal(services, world.operator.projectId);
  return removed;
}

const firstSeq = async ({ store, operator }: TestWorld): Promise<number> =>
  (await store.read.journal.after(operator.projectId, 0, 1))[0]?.seq ?? 0;

/** Makes the store answer another chain. */
const pretend = (
  services: Services,
  change: (entries: readonly JournalEntry[]) => readonly JournalEntry[],
): Services => {
  const { store } = services;
  const journal = {
    ...store.read.journal,
    links: async (...query: Parameters<typeof store.read.journal.links>) =>
      change(await store.read.journal.links(...query)),
  };
  return { ...services, store: { ...store, read: { ...store.read, journal } } };
};

test('cutJournal takes what is older than its retention, and verify goes on from the checkpoint', () =>
  inWorld(async (world) => {
    const { operator, clock, store } = world;
    await fill(world, 20);
    const { seq: old } = await store.read.journal.head(operator.projectId);
    await clock.advance(DAY_MS + 1);
    await fill(world, 3);
    expect(await cutAll(world)).toBe(old);
    const head = await store.read.journal.head(operator.projectId);
    expect(await firstSeq(world)).toBe(old + 1);
    expect(await verify(operator)).toEqual({
      object: 'journal_verification',
      ok: true,
      entries: 3,
      head,
      first_bad_seq: null,
      checkpoint_seq: old,
    });
    expect((await list(operator, { limit: 100 })).data.at(-1)?.seq).toBe(old + 1);
  }));

test('cutJournal keeps everything while nothing is said, and what is younger than its retention', () =>
  inWorld(async (world) => {
    const { services, operator, clock } = world;
    await fill(world, 3);
    expect(await cutAll(world)).toBe(0);
    await clock.advance(400 * DAY_MS);
    expect(await cutJournal(services, operator.projectId)).toBe(0);
  }));

test('cutJournal keeps the newest entry, which the next one follows', () =>
  inWorld(async (world) => {
    const { operator, clock, store } = world;
    await clock.advance(2 * DAY_MS);
    const { seq } = await store.read.journal.head(operator.projectId);
    expect(await cutAll(world)).toBe(seq - 1);
    await fill(world, 1);
    expect(await verify(operator)).toMatchObject({ ok: true, entries: 2 });
  }));

test('cutJournal keeps what is said of calls that have not ended, and takes it once they have', () =>
  inWorld(async (world) => {
    const { clock, store, operator } = world;
    await servingAgent(world);
    const waiting = await askFor(world, 'demo_echo');
    await start(world, waiting);
    const [created] = await store.read.journal.ofInvocation(operator.projectId, waiting.id, 0);
    await clock.advance(3 * DAY_MS);
    await cutAll(world);
    expect(await store.read.journal.ofInvocation(operator.projectId, waiting.id, 0)).not.toEqual([]);
    expect(await firstSeq(world)).toBeLessThanOrEqual(created?.seq ?? 0);
    await end(world, waiting);
    await clock.advance(3 * DAY_MS);
    await fill(world, 1);
    await cutAll(world);
    expect(await store.read.journal.ofInvocation(operator.projectId, waiting.id, 0)).toEqual([]);
  }));

test('cutJournal keeps what a reader of the journal has still to read', () =>
  inWorld(async (world) => {
    const { operator, store, clock } = world;
    await store.transact((tx) => tx.cursors.set('webhooks', operator.projectId, 2));
    await clock.advance(2 * DAY_MS);
    await cutAll(world);
    expect(await firstSeq(world)).toBe(3);
  }));

test('cutJournal leaves a chain that does not verify as it is, and casts doubt on it', () =>
  inWorld(async (world) => {
    const { operator, clock } = world;
    await fill(world, 5);
    await clock.advance(2 * DAY_MS);
    const forged = pretend(keeping(world), (entries) =>
      entries.map((entry) => (entry.seq === 4 ? { ...entry, data: { forged: true } } : entry)),
    );
    expect(await cutJournal(forged, operator.projectId)).toBe(0);
    expect(await firstSeq(world)).toBe(1);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'journal.broken' }));
    expect(await verify(operator)).toMatchObject({ ok: false, first_bad_seq: 4 });
    expect(await signHead(world.services, operator.projectId)).toBeNull();
  }));

test('journal.verify sees a checkpoint that the router has not signed', () =>
  inWorld(async (world) => {
    const { operator, store, clock } = world;
    await clock.advance(2 * DAY_MS);
    await cutAll(world);
    const checkpoint = await store.read.journal.checkpoint(operator.projectId);
    if (!checkpoint) throw new Error('nothing was cut');
    await store.transact((tx) => tx.journal.cut({ ...checkpoint, at: checkpoint.at + 1 }));
    expect(await verify(operator)).toMatchObject({ ok: false, first_bad_seq: checkpoint.seq });
  }));

test('journal.verify shares one walk between those who ask at once', () =>
  inWorld(async (world) => {
    await fill(world, 40);
    const [one, two] = await Promise.all([verify(world.operator), verify(world.approver)]);
    expect(two).toBe(one);
    expect(await verify(world.operator)).not.toBe(one);
  }));

test('journal.verify is not misled by a cut that comes while it walks', () =>
  inWorld(async (world) => {
    const { operator, clock } = world;
    await fill(world, 300);
    await clock.advance(2 * DAY_MS);
    await fill(world, 5);
    let walked = 0;
    const ctx = {
      ...operator,
      clock: { ...clock, sleep: async () => void ((walked += 1) === 1 && (await cutAll(world))) },
    };
    expect(await verify(ctx)).toMatchObject({ ok: true, checkpoint_seq: expect.any(Number) });
  }));

test('signHead says how far a chain has come, and nothing when it has not moved', () =>
  inWorld(async ({ services, operator, store }) => {
    const { projectId } = operator;
    const head = SignedHead.parse(await signHead(services, projectId));
    expect(head).toMatchObject({
      ctx: 'xem/head/1',
      project_id: projectId,
      ...(await store.read.journal.head(projectId)),
    });
    expect(isSignedBy(services.identity.signingKey, head)).toBe(true);
    expect(isSignedBy(services.identity.signingKey, { ...head, seq: head.seq + 1 })).toBe(false);
    services.chains.noteSigned(projectId, head);
    expect(await signHead(services, projectId)).toBeNull();
  }));

test.each<[string, (at: { seq: number; hash: string }) => { seq: number; hash: string }, number]>([
  ['further than it is now', ({ seq, hash }) => ({ seq: seq + 5, hash }), 1],
  ['with another entry', ({ seq }) => ({ seq, hash: '0'.repeat(64) }), 0],
])('journal.verify sees that a chain was signed %s', (_what, change, behind) =>
  inWorld(async ({ operator, store, services }) => {
    const head = await store.read.journal.head(operator.projectId);
    const said = change(head);
    expect(await checkHeads(store.read.journal, operator.projectId, [said])).toBe(head.seq + behind);
    const chains = createChains();
    chains.noteSigned(operator.projectId, said);
    expect(await verify({ ...operator, chains })).toMatchObject({
      ok: false,
      first_bad_seq: head.seq + behind,
    });
    expect(await checkHeads(store.read.journal, operator.projectId, [head])).toBeNull();
    expect(services.chains.doubt(operator.projectId)).toBeNull();
  }),
);

test('checkHeads does not miss what retention took, and compares what it stopped at', () =>
  inWorld(async (world) => {
    const { operator, store, clock } = world;
    const { journal } = store.read;
    const [first] = await journal.after(operator.projectId, 0, 1);
    await clock.advance(2 * DAY_MS);
    await cutAll(world);
    const cut = await journal.checkpoint(operator.projectId);
    if (!first || !cut) throw new Error('nothing was cut');
    const check = (seq: number, hash: string) => checkHeads(journal, operator.projectId, [{ seq, hash }]);
    expect(await check(first.seq, first.hash)).toBeNull();
    expect(await check(cut.seq, cut.hash)).toBeNull();
    expect(await check(cut.seq, first.hash)).toBe(cut.seq);
  }));

test('removeExpired takes outputs whose time is over, and raw answers output_expired before and after', () =>
  inWorld(async (world) => {
    const { services, operator, clock, store } = world;
    await servingAgent(world);
    const call = await askFor(world, 'demo_echo');
    await start(world, call);
    await end(world, call);
    const id = call.execution_id;
    if (!id) throw new Error('the call was not dispatched');
    const place = { projectId: operator.projectId, executionId: id, stream: 'stdout' as const };
    await store.outputs.append({ ...place, offset: 0, bytes: Buffer.from('kept for a day') });
    expect(await removeExpired(services, null)).toMatchObject({ removed: 0, failed: 0, more: false });
    await clock.advance(DAY_MS);
    const read = () => raw(operator, { id, stream: 'stdout' });
    await expect(read()).rejects.toMatchObject({ code: 'output_expired', status: 410 });
    const round = await removeExpired(services, null);
    expect(round).toMatchObject({ removed: 1, failed: 0, more: false });
    expect((await store.outputs.stored(id)).stdout).toBe(0);
    await expect(read()).rejects.toMatchObject({ code: 'output_expired' });
    expect(await removeExpired(services, round.place)).toMatchObject({ removed: 0 });
  }));

test('removeExpired logs what it cannot remove and takes the others', () =>
  inWorld(async ({ services, store, logged, operator }) => {
    const ids = [1, 2, 3].map((nth) => ExecutionId.parse(`00000000-0000-7000-8000-00000000000${nth}`));
    const outputs = ids.map((executionId) => ({ projectId: operator.projectId, executionId }));
    const broken = {
      ...services,
      store: {
        ...store,
        outputs: {
          ...store.outputs,
          expired: async () => ({ outputs, place: null, more: false }),
          remove: async (_project: string, id: string) => {
            if (id === ids[1]) throw new Error('EACCES');
          },
        },
      },
    };
    expect(await removeExpired(broken, null)).toMatchObject({ removed: 2, failed: 1 });
    expect(logged).toContainEqual(expect.objectContaining({ event: 'output.not_removed' }));
  }));
