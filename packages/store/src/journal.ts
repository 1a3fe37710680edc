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

export interface JournalReader {
  /** Newest first, strictly before `beforeSeq` when given. */
  list(
    projectId: ProjectId,
    filter: EntryFilter,
    slice: { readonly limit: number; readonly beforeSeq?: number | undefined },
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
  head(projectId: ProjectId): Promise<{ readonly seq: number; readonly hash: string }>;
}

export interface JournalWriter extends JournalReader {
  /** Adds entries to their project's chain, in order. Numbers become known when the transaction commits. */
  append(drafts: readonly EntryDraft[]): Promise<void>;
}

export interface CursorReader {
  /** How far a reader of a project's journal has come: the last `seq` it has taken in, 0 at the start. */
  get(reader: string, projectId: ProjectId): Promise<number>;
}

export interface CursorWriter extends CursorReader {
  set(reader: string, projectId: ProjectId, seq: number): Promise<void>;
  remove(reader: string, projectId: ProjectId): Promise<void>;
}
