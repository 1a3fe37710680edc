import type { Evidence, Invariant, Violation } from '../evidence/evidence.ts';
import type { AccountRow, EntryRow } from '../evidence/rows.ts';
import { groupBy, indexBy } from './index-by.ts';
import { ENDED } from './states.ts';

const broken = (says: string): Violation => ({ invariant: 'I7', says });

/** Uses of join keys are granted, reserved and settled too. */
function joinKeys({ joinKeys: keys, joinKeyUses, judgedAt, graceMs }: Evidence): readonly Violation[] {
  const uses = groupBy(joinKeyUses, ({ join_key_id }) => join_key_id);
  return keys.flatMap((key) => {
    const held = (uses.get(key.id) ?? []).filter(({ status }) => status !== 'lapsed');
    const over =
      held.length > key.uses ? [broken(`${key.id} is used ${held.length} times of ${key.uses}`)] : [];
    const stale = held.filter(
      ({ status, lapses_at }) => status === 'reserved' && lapses_at + graceMs < judgedAt,
    );
    return [...over, ...stale.map(({ agent_id }) => broken(`${key.id} stays reserved for ${agent_id}`))];
  });
}

const isEnd = ({ type }: EntryRow): boolean =>
  type.startsWith('invocation.') && ENDED.has(type.slice('invocation.'.length));

const creditOf = ({ data }: EntryRow): number => Number(data['credit'] ?? 0);

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function accountWrongs(account: AccountRow, { invocations, entries }: Evidence): readonly string[] {
  const { project_id: project, granted, reserved, settled } = account;
  const open = invocations.filter(({ project_id, status }) => project_id === project && !ENDED.has(status));
  const kept = total(open.map(({ credit_reserved }) => credit_reserved ?? 0));
  const ends = entries.filter((entry) => entry.project_id === project && isEnd(entry));
  const paid = total(ends.map(creditOf));
  return [
    ...(settled + reserved > granted ? [`${settled} settled and ${reserved} reserved of ${granted}`] : []),
    ...(reserved === kept ? [] : [`${reserved} reserved, and its open calls hold ${kept}`]),
    ...(settled === paid ? [] : [`${settled} settled, and its journal tells of ${paid}`]),
  ];
}

/** Nothing is spent that was not granted, and what was kept back is what open calls hold. */
const accounts = (evidence: Evidence): readonly Violation[] =>
  evidence.accounts.flatMap((account) =>
    accountWrongs(account, evidence).map((says) => broken(`${account.project_id}: ${says}`)),
  );

/** No call costs more than was kept back for it. */
function prices({ invocations, entries }: Evidence): readonly Violation[] {
  const rows = indexBy(invocations, ({ id }) => id);
  return entries.filter(isEnd).flatMap((entry) => {
    const kept = rows.get(entry.subject.id)?.credit_reserved ?? 0;
    const price = creditOf(entry);
    return price <= kept ? [] : [broken(`${entry.subject.id} cost ${price}, and ${kept} was kept back`)];
  });
}

/** Usage is summed up from each end once, as far as it says. */
function usage({ projects, entries, cursors, usage: rows }: Evidence): readonly Violation[] {
  const reached = new Map(
    cursors.filter(({ reader }) => reader === 'usage').map(({ project_id, seq }) => [project_id, seq]),
  );
  return projects.flatMap((project) => {
    const mine = rows.filter(({ project_id }) => project_id === project);
    const ends = entries.filter(
      (entry) => entry.project_id === project && isEnd(entry) && entry.seq <= (reached.get(project) ?? 0),
    );
    const counted = total(mine.map(({ calls }) => calls));
    const paid = [total(mine.map(({ credit }) => credit)), total(ends.map(creditOf))];
    return [
      ...(counted === ends.length ? [] : [broken(`${project} used ${counted} calls of ${ends.length}`)]),
      ...(paid[0] === paid[1] ? [] : [broken(`${project} used ${paid[0]} credits of ${paid[1]}`)]),
    ];
  });
}

/** I7: what is settled is at most what was granted, reservations return to zero, and all of it adds up. */
export const credit: Invariant = (evidence) =>
  [joinKeys, accounts, prices, usage].flatMap((part) => part(evidence));
