import type { JournalVerification, ProjectId } from '@xem/protocol';

/** An entry by its place in a chain. */
export interface ChainPoint {
  readonly seq: number;
  readonly hash: string;
}

/** What a router knows of the chains of its projects beside what its store says: the heads that it has signed. */
export interface Chains {
  /** The last head that was signed and written down; null when there is none. */
  signed(projectId: ProjectId): ChainPoint | null;
  noteSigned(projectId: ProjectId, point: ChainPoint): void;
  /** The first entry that is not what it should be, as the start of the router or retention found it; null when none is known. */
  doubt(projectId: ProjectId): number | null;
  castDoubt(projectId: ProjectId, seq: number): void;
  /** Walks a chain; who asks while it is being walked gets the same answer. */
  share(projectId: ProjectId, walk: () => Promise<JournalVerification>): Promise<JournalVerification>;
}

/** Nothing was signed. */
export function createChains(): Chains {
  const signed = new Map<ProjectId, ChainPoint>();
  const doubts = new Map<ProjectId, number>();
  const walks = new Map<ProjectId, Promise<JournalVerification>>();
  return {
    signed: (projectId) => signed.get(projectId) ?? null,
    noteSigned: (projectId, { seq, hash }) => void signed.set(projectId, { seq, hash }),
    doubt: (projectId) => doubts.get(projectId) ?? null,
    castDoubt: (projectId, seq) => void doubts.set(projectId, seq),
    share: (projectId, walk) => {
      const known = walks.get(projectId);
      if (known) return known;
      const walked = walk().finally(() => walks.delete(projectId));
      walks.set(projectId, walked);
      return walked;
    },
  };
}
