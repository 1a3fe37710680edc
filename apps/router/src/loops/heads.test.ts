import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { journal, project, type Chains, type Services, type VerbContext } from '@xem/domain';
import { inWorld, type TestWorld } from '@xem/domain/testing';
import { SignedHead, type ProjectId } from '@xem/protocol';
import { recordingLog } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { openHeadFile } from '../heads/head-file.ts';
import { loadChains } from '../heads/load-chains.ts';
import { startHeads } from './heads.ts';

interface HeadWorld extends TestWorld {
  readonly path: string;
  /** Signs for as long as `run` takes. */
  readonly signing: (
    run: () => Promise<void>,
    options?: { entries?: number; services?: Services },
  ) => Promise<void>;
  readonly lines: () => Promise<readonly SignedHead[]>;
  /** Starts anew: what is known of the chains comes from the file. */
  readonly restarted: () => Promise<{ chains: Chains; events: readonly string[] }>;
}

const inHeadWorld = (run: (world: HeadWorld) => Promise<void>): Promise<void> =>
  inWorld(async (world) => {
    const folder = await mkdtemp(join(tmpdir(), 'xem-heads-'));
    const path = join(folder, 'deep', 'heads.ndjson');
    const { services, store } = world;
    const signing: HeadWorld['signing'] = async (
      act,
      { entries = 1000, services: given = services } = {},
    ) => {
      const file = await openHeadFile(path);
      const loop = await startHeads({ services: given, file, intervalMs: 60_000, entries });
      await act();
      await loop.stop();
      await file.close();
    };
    const lines = async () =>
      (await readFile(path, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => SignedHead.parse(JSON.parse(line)));
    const restarted = async () => {
      const log = recordingLog();
      const { signingKey } = services.identity;
      const chains = await loadChains({ path, store, signingKey, log });
      return { chains, events: log.lines.map(({ event }) => event) };
    };
    try {
      await run({ ...world, path, signing, lines, restarted });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

/** The context of somebody whose store has lost the end of its journal. */
const cutOff = (ctx: VerbContext, after: number): VerbContext => {
  const { store } = ctx;
  const { journal: whole } = store.read;
  const upTo = async (seq: number) => (await whole.after(ctx.projectId, seq - 1, 1))[0];
  const left = {
    ...whole,
    head: async (projectId: ProjectId) => {
      const last = projectId === ctx.projectId ? await upTo(after) : await whole.head(projectId);
      return { seq: last?.seq ?? 0, hash: last?.hash ?? '' };
    },
    links: async (...query: Parameters<typeof whole.links>) =>
      (await whole.links(...query)).filter(
        (entry) => entry.project_id !== ctx.projectId || entry.seq <= after,
      ),
  };
  return { ...ctx, store: { ...store, read: { ...store.read, journal: left } } };
};

test('heads are signed after the interval, one line each, in a file of its owner alone', () =>
  inHeadWorld(async ({ operator, foreigner, clock, signing, lines, path, store }) => {
    await signing(async () => {
      await clock.advance(59_000);
      expect(await readFile(path, 'utf8')).toBe('');
      await clock.advance(2000);
    });
    const heads = await lines();
    expect(new Set(heads.map((head) => head.project_id))).toEqual(
      new Set([operator.projectId, foreigner.projectId]),
    );
    const own = heads.find((head) => head.project_id === operator.projectId);
    expect(own).toMatchObject(await store.read.journal.head(operator.projectId));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  }));

test('heads are signed after so many entries, and the last ones at the stop', () =>
  inHeadWorld(async ({ operator, clock, signing, lines, store }) => {
    await signing(async () => undefined);
    const before = (await lines()).length;
    await signing(
      async () => {
        await project.pause(operator, {});
        await project.resume(operator, {});
        await clock.advance(1000);
        expect(await lines()).toHaveLength(before + 1);
        await project.pause(operator, {});
      },
      { entries: 2 },
    );
    expect(await lines()).toHaveLength(before + 2);
    expect((await lines()).at(-1)).toMatchObject(await store.read.journal.head(operator.projectId));
    await signing(() => clock.advance(600_000));
    expect(await lines()).toHaveLength(before + 2);
  }));

test('a chain whose end was cut off is logged at the start, in doubt, and not signed any more', () =>
  inHeadWorld(async (world) => {
    const { operator, services, signing, lines, path, clock } = world;
    await signing(async () => undefined);
    const before = await lines();
    const signed = before.find((head) => head.project_id === operator.projectId)?.seq ?? 0;
    const log = recordingLog();
    const cut = cutOff(operator, signed - 3);
    const chains = await loadChains({
      path,
      store: cut.store,
      signingKey: services.identity.signingKey,
      log,
    });
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        event: 'journal.not_as_signed',
        fields: expect.objectContaining({ firstBadSeq: signed - 2 }),
      }),
    );
    expect(await journal.verify({ ...cut, chains })).toMatchObject({ ok: false, first_bad_seq: signed - 2 });
    await signing(() => clock.advance(61_000), { services: { ...services, store: cut.store, chains } });
    expect(await lines()).toEqual(before);
  }));

test('a file that fits leaves no doubt, and knows what was signed', () =>
  inHeadWorld(async ({ operator, signing, restarted, store }) => {
    expect((await restarted()).events).toEqual([]);
    await signing(async () => undefined);
    const { chains, events } = await restarted();
    expect(events).toEqual([]);
    expect(chains.signed(operator.projectId)).toEqual(await store.read.journal.head(operator.projectId));
    expect(chains.doubt(operator.projectId)).toBeNull();
  }));

test('a line that a crash broke off costs that line only', () =>
  inHeadWorld(async ({ operator, signing, restarted, path, lines }) => {
    await signing(async () => undefined);
    await appendFile(path, '{"ctx":"xem/head/1","proj');
    await signing(() => project.pause(operator, {}).then(() => undefined));
    await expect(lines()).rejects.toThrow(/JSON/);
    const { chains, events } = await restarted();
    expect(events).toEqual(['journal.heads_unreadable']);
    expect(chains.doubt(operator.projectId)).toBeNull();
  }));

test('heads that another key has signed count for nothing, and are told of', () =>
  inHeadWorld(async ({ operator, signing, restarted, path, lines }) => {
    await signing(async () => undefined);
    const own = (await lines()).find((head) => head.project_id === operator.projectId);
    const forged = { ...own, seq: 9999, hash: '0'.repeat(64) };
    await appendFile(path, `${JSON.stringify(forged)}\n`);
    const { chains, events } = await restarted();
    expect(events).toEqual(['journal.heads_not_ours']);
    expect(chains.signed(operator.projectId)?.seq).toBe(own?.seq);
  }));
