import measure from 'fast-string-truncated-width';
import { visible } from './escape.ts';
import { NOTHING } from './value.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | boolean | null | undefined;
  /** Shown only with room for it, or when asked for. */
  readonly wide?: true;
  /** What it takes at least where rows come one by one, so that they stand below each other. */
  readonly room?: number;
  /** May be cut short where the terminal ends. */
  readonly elastic?: true;
  /** Colours a cell; gets the text as it will be shown. */
  readonly paint?: (text: string) => string;
}

/** How a table is laid out. */
export interface TableLayout {
  /** Whether wide columns are shown: none, as many as there is room for, or all. */
  readonly wide: 'none' | 'as fits' | 'all';
  readonly colour: boolean;
  /** Width to fit into; null in pipes, where nothing is cut. */
  readonly width: number | null;
  /** Rows come one by one. */
  readonly following?: boolean;
}

const GAP = 2;
const ELASTIC_MIN = 12;

function cellOf(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return visible(String(value));
}

/** Columns a text takes in a terminal. */
const widthOf = (text: string): number => measure(text).width;

function cut(text: string, width: number): string {
  const options = { limit: width, ellipsis: '…', ellipsisWidth: 1 };
  const { index, ellipsed } = measure(text, options);
  return ellipsed ? `${text.slice(0, index)}…` : text.slice(0, index);
}

/** A column with its cells, as wide as it would like to be. */
interface Strip {
  readonly title: string;
  readonly cells: readonly string[];
  readonly width: number;
  readonly elastic: boolean;
  readonly paint: ((text: string) => string) | undefined;
}

function stripOf<Row>(column: Column<Row>, rows: readonly Row[], following: boolean): Strip {
  const { title, room = 0, elastic = false, paint } = column;
  const cells = rows.map((row) => cellOf(column.of(row)));
  const width = Math.max(following ? room : 0, ...[title, ...cells].map(widthOf));
  return { title, cells, width, elastic, paint };
}

const totalOf = (widths: readonly number[]): number => widths.reduce((sum, one) => sum + one + GAP, -GAP);

/** Widths with the widest of the elastic columns cut down to one level, until all of it fits or nothing more gives. */
function fit(strips: readonly Strip[], width: number | null): readonly number[] {
  const wanted = strips.map((strip) => strip.width);
  if (width === null) return wanted;
  const at = (level: number): readonly number[] =>
    strips.map((strip) =>
      strip.elastic ? Math.min(strip.width, Math.max(level, ELASTIC_MIN)) : strip.width,
    );
  let level = Math.max(ELASTIC_MIN, ...strips.filter(({ elastic }) => elastic).map((strip) => strip.width));
  while (level > ELASTIC_MIN && totalOf(at(level)) > width) level -= 1;
  return at(level);
}

/** The columns to show. Where rows come one by one their room decides, so that every row shows the same. */
function chosen<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { wide, width, following = false }: TableLayout,
): readonly Column<Row>[] {
  if (wide === 'all') return columns;
  const shown = columns.filter((column) => !column.wide);
  if (wide === 'none' || width === null) return shown;
  const fits = (some: readonly Column<Row>[]): boolean => {
    const strips = some.map((column) => stripOf(column, following ? [] : rows, following));
    return totalOf(fit(strips, width)) <= width;
  };
  let last: readonly Column<Row>[] = shown;
  for (const column of columns.filter((one) => one.wide)) {
    const more = columns.filter((one) => one === column || last.includes(one));
    if (!fits(more)) break;
    last = more;
  }
  return last;
}

/** Lays rows out under their titles, seed columns first. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  layout: TableLayout,
): string {
  const strips = chosen(columns, rows, layout).map((one) => stripOf(one, rows, layout.following ?? false));
  const widths = fit(strips, layout.width);
  const line = (texts: readonly string[], painted: boolean): string =>
    texts
      .map((text, at) => {
        const short = cut(text, widths[at] ?? 0);
        const pad = at === texts.length - 1 ? '' : ' '.repeat((widths[at] ?? 0) - widthOf(short) + GAP);
        const paint = painted && layout.colour ? strips[at]?.paint : undefined;
        return (paint ? paint(short) : short) + pad;
      })
      .join('');
  const titles = strips.map(({ title }) => title);
  const cells = rows.map((_, nth) => strips.map((strip) => strip.cells[nth] ?? ''));
  return [line(titles, false), ...cells.map((row) => line(row, true))].map((text) => `${text}\n`).join('');
}
