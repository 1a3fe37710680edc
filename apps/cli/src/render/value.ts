import { memberWords } from './title.ts';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  quorumWords,
  SECOND_MS,
  votesWords,
  type PrincipalRef,
} from '@xem/protocol';

/** What stands where there is no value. */
export const NOTHING = '-';

type Json = Readonly<Record<string, unknown>>;

/** Whether a value has members. */
export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a list of things that have members. */
export const isThings = (value: unknown): value is readonly Json[] =>
  Array.isArray(value) && value.length > 0 && value.every(isRecord);

const isPrincipal = (value: Json): value is Json & PrincipalRef =>
  typeof value['id'] === 'string' &&
  typeof value['kind'] === 'string' &&
  typeof value['name'] === 'string' &&
  Object.keys(value).every((name) => ['id', 'kind', 'name', 'via'].includes(name));

type QuorumShape = Parameters<typeof quorumWords>[0] & Partial<Parameters<typeof votesWords>[0]>;

const isQuorum = (value: Json): value is Json & QuorumShape =>
  isThings(value['any_of'] ?? value['all_of']) &&
  Object.keys(value).every((name) => ['any_of', 'all_of', 'have'].includes(name));

const UNITS_MS = [
  [DAY_MS, 'd'],
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [SECOND_MS, 's'],
] as const;

/** A length of time in the largest unit that says it exactly, or in milliseconds or seconds: `15 min`, `3.2 ms`. */
export function lengthWords(ms: number): string {
  const [size, unit] = UNITS_MS.find(([one]) => ms >= one && ms % one === 0) ?? [];
  if (size !== undefined) return `${ms / size} ${unit}`;
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}

/** The member is a length of time, and its name says in what. */
const MS = /(?:^|_)ms(?:_|$)/;
const SECONDS = /(?:^|_)seconds(?:_|$)/;

function numberOf(value: number, name: string): string {
  if (MS.test(name)) return lengthWords(value);
  return SECONDS.test(name) ? lengthWords(value * 1000) : String(value);
}

/** The words of some objects that are shown as one. */
function wordsOf(value: Json): string | null {
  if (isPrincipal(value)) return `${value.name} (${value.kind} ${value.id})`;
  if (!isQuorum(value)) return null;
  const { have } = value;
  return have === undefined ? quorumWords(value) : votesWords({ ...value, have });
}

/** Whether a value has words of its own rather than members to show. */
export const hasWords = (value: unknown): boolean => isRecord(value) && wordsOf(value) !== null;

const membersOf = (value: Json): string =>
  Object.entries(value)
    .map(([name, member]) => `${memberWords(name)} ${valueWords(member, name)}`)
    .join(', ') || NOTHING;

/** A value of the API on one line, as people read it; `name` is that of the member, whose unit it tells. */
export function valueWords(value: unknown, name = ''): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberOf(value, name);
  if (Array.isArray(value))
    return value.map((one) => valueWords(one, name)).join(isThings(value) ? '; ' : ', ') || NOTHING;
  if (isRecord(value)) return wordsOf(value) ?? membersOf(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
