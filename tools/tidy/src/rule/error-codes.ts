import { ERROR_CODES, type ErrorCode } from '@xem/errors';
import * as protocol from '@xem/protocol';
import { isQuoted, textOf } from '../mention.ts';
import { isSource, isTest, type Finding, type Rule } from '../tree.ts';
import { namesIn } from '../waiting-list.ts';

/** The codes whose part of the product is still to be built. It only shrinks. */
const NOT_THROWN_YET = 'tools/tidy/not-thrown-yet.json';

/** A status has this name too: only where it is thrown or named as a code does it count. */
const AMBIGUOUS: ReadonlySet<ErrorCode> = new Set(['cancelled', 'internal', 'unavailable']);

const throws = (text: string, code: ErrorCode): boolean =>
  AMBIGUOUS.has(code)
    ? new RegExp(`(?:ExecError\\(\\s*|code: |: ErrorCode = )'${code}'`).test(text)
    : isQuoted(text, code);

const refusals = new Set<string>(
  Object.values(protocol).flatMap((thing) =>
    typeof thing === 'object' && 'refusal' in thing ? [thing.refusal] : [],
  ),
);

/** The tables declare codes; whoever throws one stands elsewhere. */
const mayThrow = (path: string): boolean => isSource(path) && !/^packages\/(?:errors|protocol)\//.test(path);
/** The test of the table itself names every code and provokes none. */
const mayProvoke = (path: string): boolean =>
  isTest(path) && !/^packages\/errors\/|^tools\/tidy\//.test(path);

/** Every code has a thrower and a test that names it, or is in the list of those still to be built. */
export const errorCodes: Rule = (tree) => {
  const sources = textOf(tree, mayThrow);
  const tests = textOf(tree, mayProvoke);
  const waiting = namesIn(tree, NOT_THROWN_YET);
  const unknown = waiting
    .filter((code) => !ERROR_CODES.some((known) => known === code))
    .map((code): Finding => ({ where: NOT_THROWN_YET, what: `${code} is no code` }));
  const wrong = ERROR_CODES.flatMap((code): readonly Finding[] => {
    const thrown = throws(sources, code) || refusals.has(code);
    const isWaiting = waiting.includes(code);
    if (thrown && isWaiting)
      return [{ where: NOT_THROWN_YET, what: `${code} is thrown: take it off the list` }];
    if (isWaiting) return [];
    if (!thrown) return [{ where: code, what: 'is an error code that nothing throws' }];
    return isQuoted(tests, code) ? [] : [{ where: code, what: 'is an error code that no test names' }];
  });
  return [...unknown, ...wrong];
};
