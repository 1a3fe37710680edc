import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GUARANTEES } from './guarantees.ts';

const SCENARIOS = new URL('scenario/', import.meta.url);

const proven = (): ReadonlySet<string> => {
  const sources = readdirSync(SCENARIOS).map((file) => readFileSync(new URL(file, SCENARIOS), 'utf8'));
  return new Set(
    sources.flatMap((source) => [...source.matchAll(/proves\(\s*'([^']+)'/g)].map(([, id = '']) => id)),
  );
};

test('every guarantee is proved by a scenario', () => {
  const open = Object.keys(GUARANTEES).filter((id) => !proven().has(id));
  expect(open).toEqual([]);
});
