import type { Evidence, Invariant, Violation } from '../evidence/evidence.ts';
import { linesOf } from '../evidence/ledger.ts';
import { groupBy, indexBy } from './index-by.ts';
import { ENDED } from './states.ts';

const broken = (says: string): Violation => ({ invariant: 'I1', says });

/** What a client was told is there, is there, and is what it asked for. */
function kept({ ledger, invocations }: Evidence): readonly Violation[] {
  const rows = indexBy(invocations, ({ id }) => id);
  return linesOf(ledger, 'created').flatMap((line) => {
    const row = rows.get(line.invocation_id);
    if (!row || row.project_id !== line.project) return [broken(`${line.invocation_id} was lost`)];
    if (row.tool === line.tool && row.args_sha256 === line.args_sha256) return [];
    return [broken(`${line.invocation_id} is another call than was asked for`)];
  });
}

/** One idempotency key, one call. */
function once({ ledger }: Evidence): readonly Violation[] {
  const keyed = linesOf(ledger, 'created').filter(({ idempotency_key }) => idempotency_key !== null);
  const groups = groupBy(keyed, ({ project, idempotency_key }) => `${project} ${idempotency_key}`);
  return [...groups].flatMap(([key, lines]) => {
    const ids = new Set(lines.map(({ invocation_id }) => invocation_id));
    return ids.size === 1 ? [] : [broken(`the key ${key} made ${[...ids].join(' and ')}`)];
  });
}

/** An end that a client saw is the end. */
function final({ ledger, invocations }: Evidence): readonly Violation[] {
  const rows = indexBy(invocations, ({ id }) => id);
  return linesOf(ledger, 'saw').flatMap(({ invocation_id, status }) => {
    const now = rows.get(invocation_id)?.status;
    if (!ENDED.has(status) || now === status) return [];
    return [broken(`${invocation_id} was seen ${status} and is ${now ?? 'gone'}`)];
  });
}

/** Nothing stays open beyond its deadline, and nothing open is without one. */
function settled({ invocations, judgedAt, graceMs }: Evidence): readonly Violation[] {
  return invocations.flatMap(({ id, status, deadline_at: deadline, held_at: held }) => {
    if (ENDED.has(status) || held !== null) return [];
    if (deadline === null) return [broken(`${id} is ${status} without a deadline`)];
    const lateMs = judgedAt - deadline - graceMs;
    return lateMs <= 0 ? [] : [broken(`${id} is ${status}, ${lateMs} ms after its deadline and the grace`)];
  });
}

/** A call that ended has ended once. */
function endedOnce({ invocations, entries }: Evidence): readonly Violation[] {
  const ends = groupBy(
    entries.filter(({ type }) => ENDED.has(type.replace('invocation.', ''))),
    ({ subject }) => subject.id,
  );
  return invocations.flatMap(({ id, status }) => {
    const told = (ends.get(id) ?? []).map(({ type }) => type);
    const expected = ENDED.has(status) ? [`invocation.${status}`] : [];
    if (told.join() === expected.join()) return [];
    return [broken(`${id} is ${status}, and the journal ends it with [${told.join()}]`)];
  });
}

/** A decision that was acknowledged stands. */
function decided({ ledger, approvals }: Evidence): readonly Violation[] {
  const rows = indexBy(approvals, ({ id }) => id);
  return linesOf(ledger, 'decided').flatMap(({ approval_id, status }) => {
    const now = rows.get(approval_id)?.status;
    if (status === 'pending' || now === status) return [];
    return [broken(`the approval ${approval_id} was ${status} and is ${now ?? 'gone'}`)];
  });
}

/** I1: every call acknowledged to a client exists, and reaches exactly one end before its deadline plus grace. */
export const acknowledged: Invariant = (evidence) =>
  [kept, once, final, settled, endedOnce, decided].flatMap((part) => part(evidence));
