import type { MetricDeclaration, MetricTable } from '@xem/protocol';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The value of one series, with the words of its labels. */
export interface Reading {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a counter or a gauge when somebody asks for it. */
type Read = () => readonly Reading[] | Promise<readonly Reading[]>;

type NameOf<Table extends MetricTable, Kind extends MetricDeclaration['kind']> = {
  [Name in keyof Table & string]: Table[Name]['kind'] extends Kind ? Name : never;
}[keyof Table & string];

/** How each counter and each gauge of a table is read. */
type Reads<Table extends MetricTable> = Readonly<Record<NameOf<Table, 'counter' | 'gauge'>, Read>>;

/** The series of a table. */
export interface Series<Table extends MetricTable> {
  readonly registry: Registry;
  observe(name: NameOf<Table, 'histogram'>, value: number, labels?: Readonly<Record<string, string>>): void;
}

const namesOf = (name: string, { says, labels }: MetricDeclaration) => ({
  name,
  help: says,
  labelNames: [...labels],
});

function addReading(registry: Registry, [name, row]: readonly [string, MetricDeclaration], read: Read): void {
  const options = { ...namesOf(name, row), registers: [registry] };
  if (row.kind === 'gauge') {
    const gauge: Gauge = new Gauge({
      ...options,
      collect: async () => {
        gauge.reset();
        for (const { labels = {}, value } of await read()) gauge.set(labels, value);
      },
    });
    return;
  }
  const counter: Counter = new Counter({
    ...options,
    collect: async () => {
      counter.reset();
      for (const { labels = {}, value } of await read()) counter.inc(labels, value);
    },
  });
}

/** Opens the series of a table. What is counted is a plain number until somebody looks. */
export function openSeries<const Table extends MetricTable>(
  table: Table,
  reads: Reads<Table>,
): Series<Table> {
  const registry = new Registry();
  const histograms = new Map<string, Histogram>();
  const readOf = new Map<string, Read>(Object.entries(reads));
  for (const [name, row] of Object.entries<MetricDeclaration>(table)) {
    const read = readOf.get(name);
    if (read) {
      addReading(registry, [name, row], read);
      continue;
    }
    const buckets = [...(row.buckets ?? [])];
    histograms.set(name, new Histogram({ ...namesOf(name, row), buckets, registers: [registry] }));
  }
  return {
    registry,
    observe: (name, value, labels = {}) => histograms.get(name)?.observe(labels, value),
  };
}
