import type { PrincipalRef } from '@xem/protocol';
import { visible } from './escape.ts';

const NOTHING = '-';

/** A name and what it is, for a block of such lines. */
export type Detail = readonly [name: string, value: string];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ACRONYMS = /\b(?:id|ip|url|http|os|mcp)\b/g;

/** Members that are keyed by names of tools, which are shown as they are. */
const KEYED_BY_TOOL = new Set(['per_tool']);

const wordsOf = (name: string): string =>
  name.replaceAll('_', ' ').replaceAll(ACRONYMS, (word) => word.toUpperCase());

const titleOf = (path: readonly string[]): string => {
  const words = path
    .map((name, at) => (KEYED_BY_TOOL.has(path[at - 1] ?? '') ? name : wordsOf(name)))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const itemOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);

function valueOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : value.map(itemOf).join(', ');
  return itemOf(value);
}

/** Members whose value is the caller's own object: shown as JSON, not taken apart. */
const WHOLE = new Set(['args', 'parameters', 'data', 'manifest']);

const isPrincipal = (value: unknown): value is PrincipalRef =>
  isRecord(value) && Object.keys(value).toSorted().join() === 'id,kind,name';

function detailsOf(value: Readonly<Record<string, unknown>>, path: readonly string[]): Detail[] {
  return Object.entries(value).flatMap(([name, member]): Detail[] => {
    const here = [...path, name];
    if (isPrincipal(member)) return [[titleOf(here), `${member.name} (${member.kind} ${member.id})`]];
    if (isRecord(member) && !WHOLE.has(name) && path.length < 2) return detailsOf(member, here);
    return [[titleOf(here), valueOf(member)]];
  });
}

/** Lays out pairs as two columns. */
export function renderDetails(details: readonly Detail[]): string {
  const width = Math.max(...details.map(([name]) => name.length));
  return details.map(([name, value]) => `${name.padEnd(width)}  ${visible(value)}\n`).join('');
}

/** Every member of an object, one a line; members named in `first` lead. */
export function renderObject(value: object, first: readonly string[] = []): string {
  const members = new Map(Object.entries(value).filter(([name]) => name !== 'object'));
  const ordered = new Map([
    ...first.filter((name) => members.has(name)).map((name) => [name, members.get(name)] as const),
    ...members,
  ]);
  return renderDetails(detailsOf(Object.fromEntries(ordered), []));
}
