import { signHead, type Services } from '@xem/domain';
import type { JournalEntry, ProjectId, SignedHead } from '@xem/protocol';
import type { HeadFile } from '../heads/head-file.ts';
import { startLoop, type Loop } from './loop.ts';

const EVERY_MS = 1000;

interface HeadOptions {
  readonly services: Services;
  readonly file: HeadFile;
  /** A head is signed this long after the first entry that it stands for … */
  readonly intervalMs: number;
  /** … or after so many of them. */
  readonly entries: number;
}

/** What a chain has that no signed head stands for. */
interface Unsigned {
  entries: number;
  readonly since: number;
}

type Waiting = Map<ProjectId, Unsigned>;

function count(waiting: Waiting, { project_id: projectId }: JournalEntry, now: number): void {
  const unsigned = waiting.get(projectId) ?? { entries: 0, since: now };
  unsigned.entries += 1;
  waiting.set(projectId, unsigned);
}

/** Signs the heads of some chains and makes them durable; what fails waits for the next round. */
async function sign({ services, file }: HeadOptions, projects: readonly ProjectId[]): Promise<void> {
  const { chains, log } = services;
  const heads: SignedHead[] = [];
  for (const projectId of projects) {
    const firstBadSeq = chains.doubt(projectId);
    if (firstBadSeq !== null) log.error('journal.not_signed', { projectId, firstBadSeq });
    const head = await signHead(services, projectId);
    if (head) heads.push(head);
  }
  if (heads.length === 0) return;
  await file.append(heads);
  for (const head of heads) {
    chains.noteSigned(head.project_id, head);
    log.info('journal.head', { ...head });
  }
}

async function unsignedProjects({ store, chains }: Services): Promise<readonly ProjectId[]> {
  const projects = await store.read.access.projects();
  const heads = projects.map(async ({ id }) => ({ id, head: await store.read.journal.head(id) }));
  return (await Promise.all(heads))
    .filter(({ id, head }) => head.seq > (chains.signed(id)?.seq ?? 0))
    .map(({ id }) => id);
}

/**
 * Says from time to time, signed and on a file of its own, how far each chain has come: whoever cuts off the end of a
 * chain, or writes it anew, leaves a head that it does not fit. The last heads are signed when it stops.
 */
export async function startHeads(options: HeadOptions): Promise<Loop> {
  const { services, intervalMs, entries } = options;
  const { store, clock, log } = services;
  const waiting: Waiting = new Map();
  for (const id of await unsignedProjects(services))
    waiting.set(id, { entries: 0, since: clock.monotonic() });
  const unsubscribe = store.onCommit((added) => {
    const now = clock.monotonic();
    for (const entry of added) count(waiting, entry, now);
  });
  const signSome = async (isDue: (unsigned: Unsigned) => boolean): Promise<void> => {
    const due = [...waiting].filter(([, unsigned]) => isDue(unsigned));
    for (const [projectId] of due) waiting.delete(projectId);
    await sign(
      options,
      due.map(([projectId]) => projectId),
    ).catch((err: unknown) => {
      for (const [projectId, unsigned] of due) if (!waiting.has(projectId)) waiting.set(projectId, unsigned);
      throw err;
    });
  };
  const loop = startLoop({ name: 'heads', everyMs: EVERY_MS, clock, log }, () => {
    const now = clock.monotonic();
    return signSome((unsigned) => unsigned.entries >= entries || now - unsigned.since >= intervalMs);
  });
  return {
    stop: async () => {
      await loop.stop();
      unsubscribe();
      await signSome(() => true);
    },
  };
}
