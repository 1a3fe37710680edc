import type { ApiKeyId, InvocationId, JournalEntry, PrincipalId, ProjectId } from '@xem/protocol';
import type { Cancel, Clock } from '@xem/runtime';
import type { Store } from '@xem/store';
import { renderEvent } from './sse.ts';

/** Entries of a project that are kept in memory, and at most as many again. */
const KEPT_ENTRIES = 10_000;

/** Followers hear of new entries at most this often. */
const FLUSH_MS = 20;

/** Subjects whose entries may end what a caller has open. */
const ACCESS_NOUNS: ReadonlySet<string> = new Set(['api_key', 'principal']);

/** A journal entry that is rendered when the first follower needs it, and then shared. */
interface FeedEntry {
  readonly entry: JournalEntry;
  bytes(): Buffer;
}

/** Who follows the journal of a project. `position` is the `seq` it was brought up to; the feed moves it. */
export interface Follower {
  /** Followers of one group want the same entries and share their bytes. */
  readonly group: string;
  wants(entry: JournalEntry): boolean;
  position: number;
  /** Takes the bytes of entries that follow its position. */
  push(bytes: Buffer): void;
}

/** What was committed, for those who follow it. */
export interface Feed {
  /** Entries of a project after `seq`, or null when memory does not reach back that far. */
  recent(projectId: ProjectId, seq: number): readonly FeedEntry[] | null;
  /** Brings a follower up to date from memory and keeps it so. It must have been brought to where memory begins. */
  join(projectId: ProjectId, follower: Follower): () => void;
  /** Hears every new entry of one invocation. */
  followInvocation(id: InvocationId, listener: (entry: JournalEntry) => void): () => void;
  /** Calls when a key or a principal is changed. */
  onAccessChange(ids: readonly (ApiKeyId | PrincipalId)[], call: (entry: JournalEntry) => void): () => void;
  /** Grows with every change of a key or a principal. */
  accessSeq(): number;
  close(): void;
}

interface Channel {
  readonly entries: FeedEntry[];
  readonly groups: Map<string, Set<Follower>>;
  flushedSeq: number;
  flushedAt: number;
  cancelFlush: Cancel | null;
}

function toFeedEntry(entry: JournalEntry): FeedEntry {
  let bytes: Buffer | undefined;
  return { entry, bytes: () => (bytes ??= renderEvent({ id: entry.seq, event: entry.type, data: entry })) };
}

const seqOf = (entry: FeedEntry | undefined): number => entry?.entry.seq ?? 0;

function after(entries: readonly FeedEntry[], seq: number): readonly FeedEntry[] {
  const first = entries[0];
  return first ? entries.slice(Math.max(0, seq + 1 - seqOf(first))) : [];
}

const bytesFor = (follower: Follower, entries: readonly FeedEntry[]): Buffer =>
  Buffer.concat(entries.filter(({ entry }) => follower.wants(entry)).map((each) => each.bytes()));

/** Brings one filter's followers up to date: those at the same place share their bytes. */
function advanceGroup(group: ReadonlySet<Follower>, entries: readonly FeedEntry[], last: number): void {
  const shared = new Map<number, Buffer>();
  for (const follower of group) {
    const from = Math.max(follower.position, seqOf(entries[0]) - 1);
    const bytes = shared.get(from) ?? bytesFor(follower, after(entries, from));
    shared.set(from, bytes);
    follower.position = Math.max(follower.position, last);
    if (bytes.length > 0) follower.push(bytes);
  }
}

function flush(channel: Channel): void {
  const entries = after(channel.entries, channel.flushedSeq);
  channel.flushedSeq = seqOf(channel.entries.at(-1));
  for (const group of channel.groups.values()) advanceGroup(group, entries, channel.flushedSeq);
}

function keep(channel: Channel, entry: JournalEntry): void {
  channel.entries.push(toFeedEntry(entry));
  if (channel.entries.length >= 2 * KEPT_ENTRIES) channel.entries.splice(0, KEPT_ENTRIES);
}

function createChannel(): Channel {
  return { entries: [], groups: new Map(), flushedSeq: 0, flushedAt: 0, cancelFlush: null };
}

/** Puts a follower among those of its filter; returns how to take it out. */
function seat({ groups }: Channel, follower: Follower): () => void {
  const { group: name } = follower;
  const group = groups.get(name) ?? new Set();
  groups.set(name, group.add(follower));
  return () => {
    group.delete(follower);
    if (group.size === 0 && groups.get(name) === group) groups.delete(name);
  };
}

/** Flushes now and then: soon after the first entry, then once in every pause. */
function scheduleFlush(channel: Channel, clock: Clock): void {
  if (channel.groups.size === 0 || channel.cancelFlush) return;
  const pause = Math.max(0, channel.flushedAt + FLUSH_MS - clock.monotonic());
  channel.cancelFlush = clock.after(pause, () => {
    channel.cancelFlush = null;
    channel.flushedAt = clock.monotonic();
    flush(channel);
  });
}

type Watchers = Map<string, Set<(entry: JournalEntry) => void>>;

function watch(watchers: Watchers, id: string, listener: (entry: JournalEntry) => void): () => void {
  const listeners = watchers.get(id) ?? new Set();
  watchers.set(id, listeners.add(listener));
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && watchers.get(id) === listeners) watchers.delete(id);
  };
}

/** Listens to the commits of a store on behalf of everybody who follows. */
export function createFeed({ store, clock }: { readonly store: Store; readonly clock: Clock }): Feed {
  const channels = new Map<ProjectId, Channel>();
  const watchers: Watchers = new Map();
  const accessWatchers: Watchers = new Map();
  let accessSeq = 0;
  const channelOf = (projectId: ProjectId): Channel => {
    const channel = channels.get(projectId) ?? createChannel();
    channels.set(projectId, channel);
    return channel;
  };
  const hear = (entry: JournalEntry): void => {
    const channel = channelOf(entry.project_id);
    keep(channel, entry);
    scheduleFlush(channel, clock);
    for (const listener of watchers.get(entry.refs.invocation_id ?? '') ?? []) listener(entry);
    if (!ACCESS_NOUNS.has(entry.subject.type)) return;
    accessSeq += 1;
    for (const listener of accessWatchers.get(entry.subject.id) ?? []) listener(entry);
  };
  const unsubscribe = store.onCommit((entries) => entries.forEach(hear));
  return {
    recent: (projectId, seq) => {
      const entries = channels.get(projectId)?.entries ?? [];
      return entries.length === 0 || seq + 1 < seqOf(entries[0]) ? null : after(entries, seq);
    },
    join: (projectId, follower) => {
      const channel = channelOf(projectId);
      flush(channel);
      advanceGroup(new Set([follower]), after(channel.entries, follower.position), channel.flushedSeq);
      return seat(channel, follower);
    },
    followInvocation: (id, listener) => watch(watchers, id, listener),
    onAccessChange: (ids, call) => {
      const cancels = ids.map((id) => watch(accessWatchers, id, call));
      return () => cancels.forEach((cancel) => cancel());
    },
    accessSeq: () => accessSeq,
    close: () => {
      unsubscribe();
      for (const channel of channels.values()) channel.cancelFlush?.();
    },
  };
}
