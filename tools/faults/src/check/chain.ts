import type { Evidence, Invariant, Violation } from '../evidence/evidence.ts';
import { linesOf } from '../evidence/ledger.ts';
import type { EntryRow } from '../evidence/rows.ts';
import { hashOf } from './hash.ts';
import { groupBy } from './index-by.ts';

const broken = (says: string): Violation => ({ invariant: 'I5', says });

function follow(project: string, entries: readonly EntryRow[]): Violation | null {
  let before = hashOf({ genesis: project });
  for (const [at, { hash, ...entry }] of entries.entries()) {
    if (entry.seq !== at + 1) return broken(`the chain of ${project} misses ${at + 1}`);
    if (entry.prev_hash !== before) return broken(`entry ${entry.seq} of ${project} follows another`);
    if (hashOf({ object: 'journal_entry', ...entry }) !== hash)
      return broken(`entry ${entry.seq} of ${project} is not what was written`);
    before = hash;
  }
  return null;
}

const chainsOf = ({ entries }: Pick<Evidence, 'entries'>): ReadonlyMap<string, readonly EntryRow[]> =>
  groupBy(
    entries.toSorted((a, b) => a.seq - b.seq),
    ({ project_id }) => project_id,
  );

/** Every chain leads from its project's first entry to its last, and each entry is what was written. */
export const linked = (evidence: Pick<Evidence, 'entries'>): readonly Violation[] =>
  [...chainsOf(evidence)].flatMap(([project, entries]) => follow(project, entries) ?? []);

/** A head that was kept elsewhere is still there: no tail was cut off and none written anew. */
function anchored(evidence: Evidence): readonly Violation[] {
  const chains = chainsOf(evidence);
  return linesOf(evidence.ledger, 'head').flatMap(({ project, seq, hash }) =>
    seq === 0 || chains.get(project)?.[seq - 1]?.hash === hash
      ? []
      : [broken(`entry ${seq} of ${project} was the head once, and is not there any more`)],
  );
}

type States = ReadonlyMap<string, string>;

/** What an entry makes of the state of its subject; null when nothing. */
function stateAfter({ type, data }: EntryRow): string | null {
  const [noun, verb = ''] = type.split('.');
  if (type === 'invocation.created') return String(data['status']);
  if (type === 'invocation.started') return 'running';
  if (type === 'invocation.queued') return 'queued';
  if (type === 'approval.requested') return 'pending';
  if (type === 'approval.break_glass') return 'approved';
  if (type === 'execution.ended' || type === 'execution.refused') return String(data['status']);
  const isEnd = noun === 'invocation' || noun === 'approval';
  return isEnd && /^(?:completed|failed|cancelled|rejected|timeout|approved|expired|withdrawn)$/.test(verb)
    ? verb
    : null;
}

/** The states that the journal leads to, by the id of what has them; a start and a dispatch move the attempt too. */
function replay(entries: readonly EntryRow[]): States {
  const states = new Map<string, string>();
  for (const entry of entries) {
    const state = stateAfter(entry);
    const attempt = entry.refs['execution_id'] ?? '';
    if (entry.type === 'invocation.dispatched') states.set(attempt, 'dispatched');
    if (entry.type === 'invocation.started') states.set(attempt, 'running');
    if (state !== null) states.set(entry.subject.id, state);
  }
  return states;
}

/** Each change of state has its entry, and each entry its change: replayed, the journal gives the rows. */
function told(evidence: Evidence): readonly Violation[] {
  const states = replay(evidence.entries.toSorted((a, b) => a.seq - b.seq));
  const rows = [...evidence.invocations, ...evidence.executions, ...evidence.approvals];
  return rows.flatMap(({ id, status }) =>
    states.get(id) === status
      ? []
      : [broken(`${id} is ${status}, and by its journal ${states.get(id) ?? 'not there'}`)],
  );
}

/** Whether an entry tells of what a backup knows nothing of; only after a restore is there any such thing. */
const isStray = ({ type, data }: EntryRow, isRestored: boolean): boolean =>
  isRestored && type === 'execution.evidence' && data['known'] === false;

/** No entry speaks of a row that is not there. */
function real({ entries, invocations, executions, approvals }: Evidence): readonly Violation[] {
  const restored = new Set(
    entries.filter(({ type }) => type === 'project.restored').map(({ project_id }) => project_id),
  );
  const ids = new Set([...invocations, ...executions, ...approvals].map(({ id }) => id));
  const nouns = new Set(['invocation', 'execution', 'approval']);
  return entries
    .filter(({ subject }) => nouns.has(subject.type) && !ids.has(subject.id))
    .filter((entry) => !isStray(entry, restored.has(entry.project_id)))
    .map(({ type, subject }) => broken(`${type} speaks of ${subject.id}, which is not there`));
}

/** I5: the journal's chain verifies, and each change of state has its entry. */
export const chain: Invariant = (evidence) =>
  [linked, anchored, told, real].flatMap((part) => part(evidence));
