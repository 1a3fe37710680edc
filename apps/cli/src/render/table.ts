import measure from 'fast-string-truncated-width';
import { visible } from './escape.ts';

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
  readonly wide: boolean;
  readonly colour: boolean;
  /** Width to fit into; null in pipes, where nothing is cut. */
  readonly width: number | null;
  /** Rows come one by one. */
  readonly following?: boolean;
}

const GAP = 2;
const NOTHING = '-';
const ELASTIC_MIN = 12;

const cellOf = (value: string | number | boolean | null | undefined): string =>
  value === null || value === undefined || value === '' ? NOTHING : visible(String(value));

/** Columns a text takes in a terminal. */
const widthOf = (text: string): number => measure(text).width;

function cut(text: string, width: number): string {
  const options = { limit: width, ellipsis: '…', ellipsisWidth: 1 };
  const { index, ellipsed } = measure(text, options);
  return ellipsed ? `${text.slice(0, index)}…` : text.slice(0, index);
}

/** Takes what is too much off the elastic columns. */
function fit<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  width: number | null,
): readonly number[] {
  const total = widths.reduce((sum, one) => sum + one + GAP, -GAP);
  if (width === null || total <= width) return widths;
  const elastic = columns.filter((column) => column.elastic).length;
  if (elastic === 0) return widths;
  const share = Math.ceil((total - width) / elastic);
  return widths.map((one, at) =>
    columns[at]?.elastic ? Math.min(one, Math.max(ELASTIC_MIN, one - share)) : one,
  );
}

/** Lays rows out under their titles, seed columns first. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  layout: TableLayout,
): string {
  const shown = columns.filter((column) => layout.wide || !column.wide);
  const cells = rows.map((row) => shown.map((column) => cellOf(column.of(row))));
  const titles = shown.map(({ title }) => title);
  const rooms = shown.map(({ room = 0 }) => (layout.following ? room : 0));
  const wanted = titles.map((title, at) =>
    Math.max(rooms[at] ?? 0, ...[title, ...cells.map((row) => row[at] ?? '')].map(widthOf)),
  );
  const widths = fit(shown, wanted, layout.width);
  const line = (texts: readonly string[], painted: boolean): string =>
    texts
      .map((text, at) => {
        const short = cut(text, widths[at] ?? 0);
        const pad = at === texts.length - 1 ? '' : ' '.repeat((widths[at] ?? 0) - widthOf(short) + GAP);
        const paint = painted && layout.colour ? shown[at]?.paint : undefined;
        return (paint ? paint(short) : short) + pad;
      })
      .join('');
  return [line(titles, false), ...cells.map((row) => line(row, true))].map((text) => `${text}\n`).join('');
}
