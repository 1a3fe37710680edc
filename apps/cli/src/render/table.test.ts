import { expect, test } from 'vitest';
import { renderTable, type Column, type TableLayout } from './table.ts';

interface Row {
  readonly id: string;
  readonly url: string;
  readonly error: string;
  readonly tool: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'URL', of: ({ url }) => url, elastic: true },
  { title: 'Tool', of: ({ tool }) => tool, wide: true, room: 20 },
  { title: 'Error', of: ({ error }) => error, wide: true, elastic: true },
];
const ROW: Row = { id: 'whk_1', url: `https://${'h'.repeat(40)}`, error: 'e'.repeat(50), tool: 'demo_echo' };

const titlesAt = (width: number | null, layout: Partial<TableLayout> = {}, row = ROW): string => {
  const text = renderTable(COLUMNS, [row], { wide: 'as fits', colour: false, width, ...layout });
  return text.slice(0, text.indexOf('\n')).trim().split(/ +/).join(' ');
};

test('a table cuts what is elastic down to one width until it fits, and nothing else', () => {
  const text = renderTable(COLUMNS, [ROW], { wide: 'all', colour: false, width: 60 });
  const row = text.split('\n')[1] ?? '';
  expect(row).toHaveLength(60);
  expect(row).toMatch(/^whk_1 {2}https:\/\/h+… {2}demo_echo {2}e+…$/);
});

test.each([
  [20, 'ID URL'],
  [30, 'ID URL Tool'],
  [44, 'ID URL Tool Error'],
  [200, 'ID URL Tool Error'],
])('a table of %i columns shows the wide columns that there is room for', (width, titles) => {
  expect(titlesAt(width)).toBe(titles);
});

test.each([
  ['not in a pipe', { wide: 'as fits', width: null }, 'ID URL'],
  ['never, where they were not asked for', { wide: 'none', width: 200 }, 'ID URL'],
  ['always, where they were', { wide: 'all', width: 10 }, 'ID URL Tool Error'],
] as const)('a table shows wide columns %s', (_, layout, titles) => {
  expect(titlesAt(layout.width, layout)).toBe(titles);
});

test('a table whose rows come one by one shows the same columns for each', () => {
  const short = { ...ROW, url: 'u', error: 'e', tool: 't' };
  for (const width of [30, 45, 60, 100]) {
    const following = { following: true };
    expect(titlesAt(width, following)).toBe(titlesAt(width, following, short));
  }
});
