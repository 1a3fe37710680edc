import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAULT_TABLE } from './fault-table.ts';
import { INJECTED, MOUNTED_IDS } from './scenario/disk.ts';
import { RACE_IDS } from './scenario/races.ts';
import { RANDOM_FAULTS } from './scenario/random.ts';
import { SPOIL_IDS } from './scenario/spoil.ts';

const ROOT = new URL('../../../', import.meta.url);

const idsOf = (faults: readonly { readonly id: string }[]): readonly string[] => faults.map(({ id }) => id);

const KNOWN = [...idsOf(RANDOM_FAULTS), ...idsOf(INJECTED), ...MOUNTED_IDS, ...RACE_IDS, ...SPOIL_IDS];

const rows = Object.values(FAULT_TABLE);
const named = rows.flatMap(({ here }): readonly string[] => here);
const tests = rows.flatMap(({ elsewhere }): readonly string[] => elsewhere);

test('the table of faults names faults that there are, and every one of them', () => {
  expect(named.filter((id) => !KNOWN.includes(id))).toEqual([]);
  expect(KNOWN.filter((id) => !named.includes(id))).toEqual([]);
});

test('the table of faults names tests that there are', () => {
  expect(tests.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
});

test.each(Object.entries(FAULT_TABLE))('the fault %s is borne by something', (_, { here, elsewhere }) => {
  expect(here.length + elsewhere.length).toBeGreaterThan(0);
});
