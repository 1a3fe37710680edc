import { OPERATIONS, pathParameters, type Operation } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { inputRefuser, takesBody } from './input.ts';
import { JSON_MEMBERS_MAX, parseObject } from './middleware/json.ts';

const BYTES = 1_048_576;
/** Members that hold what the others are in: the body itself, and what is nested in it. */
const ROOM = 4;
const ISSUES_MAX = JSON_MEMBERS_MAX;

type Make = (count: number) => string;

const list =
  (item: string): Make =>
  () =>
    `[${Array.from({ length: Math.floor(BYTES / (item.length + 1)) - 100 }, () => item).join(',')}]`;

const members =
  (name: string, value: string): Make =>
  (count) =>
    `{${Array.from({ length: count }, (_, nth) => `"${name}${nth.toString(36)}":${value}`).join(',')}}`;

/** Values of a mebibyte, or of as many members as a body may have: those that cost most were found by trying. */
const WORST: Readonly<Record<string, Make>> = {
  zeros: list('0'),
  'empty texts': list('""'),
  'empty lists': list('[]'),
  'empty objects': list('{}'),
  'nested lists': list('[[[[[[]]]]]]'),
  'one text': () => `"${'x'.repeat(BYTES - 100)}"`,
  'escaped text': () => `"${String.raw`\u0041`.repeat(BYTES / 6 - 100)}"`,
  'members named by numbers': members('', '0'),
  'members named as tools are, with wrong values': members('t', '0'),
  'members named as tools are': members('t', '1'),
  'members with objects': members('k', '{}'),
  'objects in a list': (count) => `[${Array.from({ length: count }, () => '{"a":1}').join(',')}]`,
};

const clock = systemClock();

function timed<T>(run: () => T): { readonly ms: number; readonly result: T } {
  const before = clock.monotonic();
  const result = run();
  return { ms: clock.monotonic() - before, result };
}

/** What stands behind `optional`, `nullable` and defaults. */
function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return bare(schema.unwrap());
  return schema;
}

/** Where in a body a value can stand: in its place as a whole, and as each member of what is an object. */
function placesIn(schema: unknown): readonly (readonly string[])[] {
  const object = bare(schema);
  if (!(object instanceof z.ZodObject)) return [[]];
  const inner = Object.entries(object.shape).flatMap(([name, member]) =>
    placesIn(member).map((place) => [name].concat(place)),
  );
  return [[], ...inner];
}

const within = (place: readonly string[], value: unknown): unknown =>
  place.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Figure {
  readonly where: string;
  readonly issues: number;
  /** The time of the schema and of its refusal, as a multiple of that of `JSON.parse` for the same text. */
  readonly ratio: number;
  readonly ms: number;
}

/** A worst value as it was read, and how long `JSON.parse` took. */
interface Read {
  readonly name: string;
  readonly value: unknown;
  readonly parseMs: number;
}

const worstOf = (count: number): readonly Read[] =>
  Object.entries(WORST).map(([name, make]) => {
    const text = make(count);
    const { ms: parseMs, result: value } = timed((): unknown => JSON.parse(text));
    return { name, value, parseMs };
  });

function costOf(operation: Operation, { name, value, parseMs }: Read): readonly Figure[] {
  const refuse = inputRefuser(operation);
  const inPath = pathParameters(operation.path);
  const places = placesIn(operation.input).filter(([first = '']) => !inPath.includes(first));
  return places.flatMap((place) => {
    const body = within(place, value);
    if (!isObject(body)) return [];
    const given = Object.assign(body, Object.fromEntries(inPath.map((each) => [each, 'x'])));
    const { ms, result: issues } = timed(() => {
      const { error } = operation.input.safeParse(given);
      if (error) refuse(error.issues, given);
      return error?.issues.length ?? 0;
    });
    return [{ where: `${operation.id} /${place.join('/')} ${name}`, issues, ratio: ms / parseMs, ms }];
  });
}

test('every operation judges a worst body by a bounded number of issues', () => {
  const few = worstOf(JSON_MEMBERS_MAX - ROOM);
  const figures = OPERATIONS.filter(takesBody).flatMap((operation) => {
    const { membersMax } = operation;
    const worst = membersMax === undefined ? few : worstOf(membersMax - ROOM);
    return worst.flatMap((read) => costOf(operation, read));
  });
  for (const { where, issues, ratio, ms } of figures.toSorted((a, b) => b.ms - a.ms).slice(0, 8))
    process.stdout.write(
      `${where}: ${issues} issues, ${ms.toFixed(1)} ms, ${ratio.toFixed(1)} of JSON.parse\n`,
    );
  expect(figures.filter(({ issues }) => issues > ISSUES_MAX)).toEqual([]);
});

test.each(Object.entries(WORST))('parseObject reads a body of a mebibyte of %s', (name, make) => {
  const text = `{"a":${make(JSON_MEMBERS_MAX - ROOM)}}`;
  const parse = timed((): unknown => JSON.parse(text));
  const read = timed(() => parseObject(text));
  expect(Object.keys(read.result)).toEqual(['a']);
  process.stdout.write(
    `${name}: ${read.ms.toFixed(1)} ms, ${(read.ms / parse.ms).toFixed(1)} of JSON.parse\n`,
  );
});

test('parseObject refuses a mebibyte of members at its first look', () => {
  const text = members('k', '0')(Math.floor(BYTES / 10));
  const parse = timed((): unknown => JSON.parse(text));
  const read = timed(() => expect(() => parseObject(text)).toThrow('members'));
  process.stdout.write(
    `refused: ${read.ms.toFixed(1)} ms, ${(read.ms / parse.ms).toFixed(2)} of JSON.parse\n`,
  );
});
