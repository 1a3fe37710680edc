import type { Standing } from '../contest/standing.ts';
import type { Machine } from '../machine.ts';
import type { Row } from '../row/row.ts';
import { columns } from './columns.ts';
import { figure } from './number.ts';

/** Everything a run found; `--json` writes it as it is. */
export interface Report {
  readonly machine: Machine;
  readonly standings: readonly Standing[];
  readonly rows: readonly Row[];
  /** What each contestant was, and what was found of its work afterwards. */
  readonly contestants: readonly { readonly name: string; readonly about: string; readonly found: string }[];
  readonly missing: readonly string[];
}

const ratios = (standings: readonly Standing[]): readonly string[] =>
  columns([
    ['against', 'clients', 'calls/s ×', 'from', 'to', 'p50 ×', 'from', 'to', 'cpu ×', 'from', 'to'],
    ...standings.map(({ peer, clients, throughput, latency, processor }) => [
      peer,
      String(clients),
      ...[throughput, latency, processor].flatMap(({ median, least, most }) =>
        [median, least, most].map(figure),
      ),
    ]),
  ]);

const absolutes = (standings: readonly Standing[]): readonly string[] =>
  columns([
    ['against', 'clients', 'ours/s', 'p50 ms', 'p99 ms', 'cpu ms', 'theirs/s', 'p50 ms', 'p99 ms', 'cpu ms'],
    ...standings.map(({ peer, clients, ours, theirs }) => [
      peer,
      String(clients),
      ...[ours, theirs].flatMap((side) =>
        [side.callsPerSecond, side.p50Ms, side.p99Ms, side.processorMs].map(figure),
      ),
    ]),
  ]);

const machineLine = ({ cores, processor, node, load, fsyncMs }: Machine): string =>
  `${cores} cores (${processor}), Node ${node}; a flush of 4 KiB takes ${figure(fsyncMs)} ms; load before: ${load.toFixed(1)}`;

const rowLines = (rows: readonly Row[]): readonly string[] =>
  rows.map(
    ({ says, ratio, goal, figures }) =>
      `${ratio === null ? '' : `× ${figure(ratio)}  `}${says}${goal === null ? '' : ` (goal ${goal})`}: ${figures}`,
  );

/** A report for people: ratios first, for they say more than figures of one machine. */
export function render({ machine, standings, rows, contestants, missing }: Report): string {
  const sections: readonly [string, readonly string[]][] = [
    [
      'Ratios, ours over theirs: calls/s more than 1 is better; p50 and cpu (processor time of a call), less than 1',
      ratios(standings),
    ],
    ['Other ratios', rowLines(rows)],
    ['Absolute', absolutes(standings)],
    ['Machine', [machineLine(machine)]],
    ['Work', contestants.map(({ name, about, found }) => `${name}: ${found} (${about})`)],
    ['Not in this run', missing],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('\n');
}
