import type { Page } from '@xem/protocol';
import type { Io } from './io.ts';
import { renderObject, type ObjectView } from './render/detail.ts';
import { toJson, toJsonLine, toYaml } from './render/document.ts';
import { visible } from './render/escape.ts';
import { renderTable, type Column, type TableLayout } from './render/table.ts';

export const FORMATS = ['table', 'wide', 'json', 'yaml'] as const;
type Format = (typeof FORMATS)[number];

/** Terminals from here on have room for more than the first columns. */
const WIDE_FROM_COLUMNS = 120;

/** How one object is shown to a reader; to a program it is the API's own. */
interface PrintedView extends ObjectView {
  /** What to show instead of all members. */
  readonly text?: (layout: TableLayout) => string;
}

/** Writes what a command answers, in the form that was asked for. */
export interface Printer {
  readonly format: Format;
  /** True for json and yaml: standard output then holds the API's object and nothing else. */
  readonly forPrograms: boolean;
  /** How what it writes is laid out. */
  readonly layout: TableLayout;
  list<Row>(page: Page<Row>, columns: readonly Column<Row>[]): Promise<void>;
  object(value: object, view?: PrintedView): Promise<void>;
  /** A table in any form but json and yaml, of things the API has no list of. */
  rows<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Promise<void>;
  /** The titles of a table whose rows come one by one. */
  titles<Row>(columns: readonly Column<Row>[]): Promise<void>;
  /** One thing of an endless list: a row, a line of JSON, or a YAML document. */
  one<Row extends object>(row: Row, columns: readonly Column<Row>[]): Promise<void>;
  /** Advice: beside the answer in a terminal, on standard error otherwise. */
  hint(text: string): Promise<void>;
  /** A line on standard error. */
  note(text: string): Promise<void>;
}

interface PrintOptions {
  readonly format: Format;
  readonly noColor: boolean;
}

const hasColour = ({ stdout, env }: Io, noColor: boolean): boolean =>
  stdout.isTty && !noColor && !env['NO_COLOR'] && env['TERM'] !== 'dumb';

/** Makes the printer of one command. */
export function createPrinter(io: Io, { format, noColor }: PrintOptions): Printer {
  const { stdout, stderr } = io;
  const forPrograms = format === 'json' || format === 'yaml';
  const roomy = stdout.isTty && stdout.columns >= WIDE_FROM_COLUMNS;
  const fitting = roomy ? 'as fits' : 'none';
  const layout: TableLayout = {
    wide: format === 'wide' ? 'all' : fitting,
    colour: hasColour(io, noColor),
    width: stdout.isTty ? stdout.columns : null,
  };
  const document = async (value: unknown): Promise<void> =>
    stdout.write(format === 'yaml' ? await toYaml(value) : toJson(value));
  const printer: Printer = {
    format,
    forPrograms,
    layout,
    list: async (page, columns) => {
      if (forPrograms) return document(page);
      await stdout.write(renderTable(columns, page.data, layout));
      if (page.next_cursor !== null)
        await printer.hint(`There is more: --all, or --after ${visible(page.next_cursor)}`);
    },
    object: async (value, { text, ...view } = {}) =>
      forPrograms ? document(value) : stdout.write(text?.(layout) ?? renderObject(value, view, layout)),
    rows: async (rows, columns) => stdout.write(renderTable(columns, rows, layout)),
    titles: async (columns) => {
      if (!forPrograms) await stdout.write(renderTable(columns, [], { ...layout, following: true }));
    },
    one: async (row, columns) => {
      if (format === 'json') return stdout.write(toJsonLine(row));
      if (format === 'yaml') return stdout.write(`---\n${await toYaml(row)}`);
      const text = renderTable(columns, [row], { ...layout, following: true });
      return stdout.write(text.slice(text.indexOf('\n') + 1));
    },
    hint: async (text) => (stdout.isTty && !forPrograms ? stdout : stderr).write(`${text}\n`),
    note: async (text) => stderr.write(`${text}\n`),
  };
  return printer;
}
