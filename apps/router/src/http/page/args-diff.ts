import { canonicalJson } from '@xem/protocol';
import { pointerOf } from '../middleware/json.ts';

/** A member that two sets of arguments do not share; `null` where it is absent. */
export interface ArgsChange {
  readonly pointer: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (members: Members, name: string): string | null =>
  Object.hasOwn(members, name) ? canonicalJson(members[name]) : null;

/** What differs between the arguments of two calls, member by member; arrays are compared whole. */
export function diffArgs(
  before: Members,
  after: Members,
  path: readonly string[] = [],
): readonly ArgsChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].toSorted().flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (isMembers(old) && isMembers(now)) return diffArgs(old, now, [...path, name]);
    const change = {
      pointer: pointerOf([...path, name]),
      before: textOf(before, name),
      after: textOf(after, name),
    };
    return change.before === change.after ? [] : [change];
  });
}
