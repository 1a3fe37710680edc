import type { AgentId, EntryType, InvocationId, JournalEntry, ProjectId } from '@xem/protocol';

/** An entry before the chain gives it its number and its hashes. */
export type EntryDraft = Omit<JournalEntry, 'object' | 'seq' | 'prev_hash' | 'hash' | 'type'> & {
  readonly type: EntryType;
};

/** Filters of a list of entries. */
export interface EntryFilter {
  readonly types?: readonly string[] | undefined;
  readonly invocationId?: InvocationId | undefined;
}

/** Where retention has cut a chain off: the last entry that is gone, as the router has signed it. */
export interface Checkpoint {
  readonly projectId: ProjectId;
  readonly seq: number;
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** base64url of the signature of a `HeadClaim`. */
  readonly signature: string;
}

export interface JournalReader {
  /** Newest first, strictly before `beforeSeq` and after `afterSeq` when given. */
  list(
    projectId: ProjectId,
    filter: EntryFilter,
    slice: {
      readonly limit: number;
      readonly beforeSeq?: number | undefined;
      readonly afterSeq?: number | undefined;
    },
  ): Promise<readonly JournalEntry[]>;
  /** Oldest first, strictly after `afterSeq`, at most `limit`. */
  after(projectId: ProjectId, afterSeq: number, limit: number): Promise<readonly JournalEntry[]>;
  /** The same as `after`, for a check of the chain: it ends before the first entry that cannot be read. */
  links(projectId: ProjectId, afterSeq: number, limit: number): Promise<readonly JournalEntry[]>;
  /** Entries of one invocation, oldest first, strictly after `afterSeq`. */
  ofInvocation(projectId: ProjectId, id: InvocationId, afterSeq: number): Promise<readonly JournalEntry[]>;
  /** Entries whose subject is an agent, newest first, strictly before `beforeSeq` when given. */
  ofAgent(
    projectId: ProjectId,
    id: AgentId,
    slice: { readonly limit: number; readonly beforeSeq?: number | undefined },
  ): Promise<readonly JournalEntry[]>;
  /** Entries of some types, oldest first, strictly after a `seq`: the others cost nothing. */
  ofTypes(
    projectId: ProjectId,
    types: readonly EntryType[],
    slice: { readonly afterSeq: number; readonly limit: number },
  ): Promise<readonly JournalEntry[]>;
  /** Null while the chain has its beginning. */
  checkpoint(projectId: ProjectId): Promise<Checkpoint | null>;
  /** How far the slowest of those has come who must have read an entry before it goes; null when nobody must. */
  slowestReader(projectId: ProjectId): Promise<number | null>;
  head(projectId: ProjectId): Promise<{ readonly seq: number; readonly hash: string }>;
}

export interface JournalWriter extends JournalReader {
  /** Adds entries to their project's chain, in order. Numbers become known when the transaction commits. */
  append(drafts: readonly EntryDraft[]): Promise<void>;
  /** Removes entries up to and with a checkpoint, and keeps that. Answers how many there were. */
  cut(checkpoint: Checkpoint): Promise<number>;
}

export interface CursorReader {
  /** How far a reader of a project's journal has come: the last `seq` it has taken in, 0 at the start. */
  get(reader: string, projectId: ProjectId): Promise<number>;
}

export interface CursorWriter extends CursorReader {
  set(reader: string, projectId: ProjectId, seq: number): Promise<void>;
  remove(reader: string, projectId: ProjectId): Promise<void>;
}
