import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '@xem/errors';
import { OPERATIONS } from '@xem/protocol';
import { ENDING_PROVOCATIONS } from './contract/provocation/ending.ts';
import { ENROLMENT_PROVOCATIONS } from './contract/provocation/enrolment.ts';
import { PROVOCATIONS } from './contract/provocation/table.ts';
import { GUARANTEES } from './guarantees.ts';
import { ROWS } from './operation/rows.ts';

const SCENARIOS = new URL('scenario/', import.meta.url);

/** What the calls of a function in the scenarios name first, after a mesh at most. */
function namedIn(pattern: RegExp): ReadonlySet<string> {
  const sources = readdirSync(SCENARIOS).map((file) => readFileSync(new URL(file, SCENARIOS), 'utf8'));
  return new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, id = '']) => id)));
}

/** The words in quotes within the calls that expect a code. */
const expectedCodes = (): readonly string[] =>
  [...namedIn(/\bexpect(?:Refusal|End|ShutOut|Printed|RefusedOverMcp)\(([^;]*);/g)].flatMap((words) =>
    [...words.matchAll(/'(\w+)'/g)].map(([, word = '']) => word),
  );

const provoked = (): ReadonlySet<string> =>
  new Set([
    ...expectedCodes(),
    ...Object.keys({ ...PROVOCATIONS, ...ENROLMENT_PROVOCATIONS, ...ENDING_PROVOCATIONS }),
  ]);

/** Codes whose part of the product is still to be built. */
const WAITING: unknown = JSON.parse(
  readFileSync(new URL('../../tidy/not-thrown-yet.json', import.meta.url), 'utf8'),
);

const proven = (): ReadonlySet<string> => namedIn(/proves\(\s*'([^']+)'/g);

/** Operations that every mesh answers as it starts. */
const answeredAnywhere = (): readonly string[] =>
  Object.entries(ROWS).flatMap(([id, { elsewhere }]) => (elsewhere === undefined ? [id] : []));

const answered = (): ReadonlySet<string> =>
  new Set([...namedIn(/expectAnswered\(\w+(?:\(\))?, '([^']+)'/g), ...answeredAnywhere()]);

test('every guarantee is proved by a scenario', () => {
  const open = Object.keys(GUARANTEES).filter((id) => !proven().has(id));
  expect(open).toEqual([]);
});

test('every operation is answered with success in some scenario, and nothing else is', () => {
  const ids = OPERATIONS.map(({ id }) => id);
  expect(ids.filter((id) => !answered().has(id))).toEqual([]);
  expect([...answered()].filter((id) => !ids.includes(id))).toEqual([]);
});

test('every code is provoked in some scenario, but for those that nothing throws yet', () => {
  const open = ERROR_CODES.filter((code) => !provoked().has(code));
  expect(open).toEqual(WAITING);
});
