import measure from 'fast-string-truncated-width';
import { visible, visibleInQuotes } from './escape.ts';
import { renderTable, type Column, type TableLayout } from './table.ts';
import { titleOf } from './title.ts';
import { hasWords, isRecord, isThings, NOTHING, valueWords } from './value.ts';

type Json = Readonly<Record<string, unknown>>;

/** A name and what it is, for a block of such lines; an object is the caller's own, and shown as JSON. */
export type Detail = readonly [name: string, value: string | Json];

/** How an object is shown to a reader. */
export interface ObjectView {
  /** Members to lead with. */
  readonly first?: readonly string[];
  /** What no value means, by the names of members and those they are under: `{ 'session.expires_at': 'never' }`. */
  readonly none?: Readonly<Record<string, string>>;
}

/** Members whose value is the caller's own object: shown as JSON, not taken apart. */
const WHOLE = new Set(['args', 'parameters', 'data']);

/** Members that are there to be copied: never broken into lines. */
const COPIED = new Set(['command', 'url', 'value']);

const GAP = 2;
const DEPTH_MAX = 4;
const PROSE_MIN = 24;

const widthOf = (text: string): number => measure(text).width;

/** A text in lines of at most so many columns, broken between words. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

const linesOf = (text: string, room: number | null): readonly string[] =>
  room === null || room < PROSE_MIN ? [text] : wrap(text, room);

/** An object of the caller's own: on one line where there is room for it, or in a pipe. */
function jsonLines(value: unknown, room: number | null): readonly string[] {
  const short = visible(JSON.stringify(value));
  if (room === null || widthOf(short) <= room) return [short];
  return visibleInQuotes(JSON.stringify(value, null, 2)).split('\n');
}

/** A line to be: its value is known once it is known how much room it has. */
interface Entry {
  readonly title: string;
  readonly lines: (room: number | null) => readonly string[];
}

function layOut(entries: readonly Entry[], width: number | null): string {
  const titleWidth = Math.max(...entries.map(({ title }) => widthOf(title)));
  const room = width === null ? null : width - titleWidth - GAP;
  const indent = ' '.repeat(titleWidth + GAP);
  return entries
    .map(({ title, lines }) => `${title.padEnd(titleWidth + GAP)}${lines(room).join(`\n${indent}`)}\n`)
    .join('');
}

/** Lays out pairs as two columns; long texts are broken between words where the terminal ends. */
export const renderDetails = (details: readonly Detail[], width: number | null = null): string =>
  layOut(
    details.map(([title, value]) => ({
      title,
      lines: (room) => (typeof value === 'string' ? linesOf(visible(value), room) : jsonLines(value, room)),
    })),
    width,
  );

/** A list of things under its name. */
interface Block {
  readonly title: string;
  readonly things: readonly Json[];
}

interface Parts {
  readonly entries: readonly Entry[];
  readonly blocks: readonly Block[];
}

const isProse = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.some((one) => typeof one === 'string' && one.includes(' '));

const BULLET = '- ';

const listed = (lines: readonly string[]): readonly string[] =>
  lines.map((line, at) => `${at === 0 ? BULLET : ' '.repeat(BULLET.length)}${line}`);

function entryOf(path: readonly string[], value: unknown, none: string): Entry {
  const name = path.at(-1) ?? '';
  const lines: Entry['lines'] = (room) => {
    if (WHOLE.has(name) && isRecord(value)) return jsonLines(value, room);
    if (isProse(value) && value.length > 1)
      return value.flatMap((one) => listed(linesOf(visible(one), room && room - BULLET.length)));
    const words = valueWords(value, name);
    const text = visible(words === NOTHING ? none : words);
    return COPIED.has(name) ? [text] : linesOf(text, room);
  };
  return { title: titleOf(path), lines };
}

function partsOf(value: Json, path: readonly string[], none: ObjectView['none'] = {}): Parts {
  const told = Object.entries(value).filter(([name]) => name !== 'object');
  const parts = told.map(([name, member]): Parts => {
    const here = [...path, name];
    const apart = isRecord(member) && !WHOLE.has(name) && !hasWords(member) && here.length < DEPTH_MAX;
    if (apart && Object.keys(member).length > 0) return partsOf(member, here, none);
    if (isThings(member) && !member.every(hasWords))
      return { entries: [], blocks: [{ title: titleOf(here), things: member }] };
    const nothing = none[here.join('.')] ?? NOTHING;
    return { entries: [entryOf(here, member, nothing)], blocks: [] };
  });
  return { entries: parts.flatMap((one) => one.entries), blocks: parts.flatMap((one) => one.blocks) };
}

function columnOf(name: string): Column<Json> {
  const title = titleOf([name]);
  const of = (thing: Json): string => valueWords(thing[name], name);
  return name === 'id' ? { title, of } : { title, of, elastic: true };
}

const columnsOf = (things: readonly Json[]): readonly Column<Json>[] =>
  [...new Set(things.flatMap((thing) => Object.keys(thing)))].map(columnOf);

const INDENT = '  ';

function renderBlock({ title, things }: Block, layout: TableLayout): string {
  const width = layout.width && layout.width - INDENT.length;
  const table = renderTable(columnsOf(things), things, { ...layout, wide: 'all', width });
  return `\n${title}\n${table.replaceAll(/^(?=.)/gm, INDENT)}`;
}

/** Every member of an object, one a line, and tables of the lists of things it holds; `first` leads. */
export function renderObject(value: object, { first = [], none }: ObjectView, layout: TableLayout): string {
  const members = new Map(Object.entries(value));
  const ordered = new Map([
    ...first.filter((name) => members.has(name)).map((name) => [name, members.get(name)] as const),
    ...members,
  ]);
  const { entries, blocks } = partsOf(Object.fromEntries(ordered), [], none);
  return layOut(entries, layout.width) + blocks.map((block) => renderBlock(block, layout)).join('');
}
