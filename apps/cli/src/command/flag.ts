import type { IdForm } from '@xem/protocol';

/** A flag or an argument: how it is read, and (in its type) what a command gets. */
export interface Parameter<T> {
  readonly parameter: Readonly<Record<string, unknown>>;
  /** Never there: it carries the type. */
  readonly holds?: T;
}

/** Parameters by the names a command knows them by. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** What a command gets of its parameters. */
export type ValuesOf<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer T> ? T : never;
};

type Parse<T> = (word: string) => T;

interface Reading<T> {
  readonly brief: string;
  readonly placeholder: string;
  readonly parse: Parse<T>;
}

const asIs: Parse<string> = (word) => word;

const parsed = <T>({ parse, ...reading }: Reading<T>, more: object): Parameter<never> => ({
  parameter: { kind: 'parsed', parse, ...reading, ...more },
});

/** A text that may be left out. */
export const text = (placeholder: string, brief: string): Parameter<string | undefined> =>
  parsed({ brief, placeholder, parse: asIs }, { optional: true });

/** A text that must be there. */
export const required = (placeholder: string, brief: string): Parameter<string> =>
  parsed({ brief, placeholder, parse: asIs }, {});

/** Texts, the flag repeated for each. */
export const many = (placeholder: string, brief: string): Parameter<readonly string[] | undefined> =>
  parsed({ brief, placeholder, parse: asIs }, { optional: true, variadic: true });

/** True when it is there. */
export const flag = (brief: string): Parameter<true | undefined> => ({
  parameter: { kind: 'boolean', brief, optional: true, withNegated: false },
});

/** One of some words. */
export const choice = <const T extends string>(
  values: readonly T[],
  brief: string,
): Parameter<T | undefined> => ({ parameter: { kind: 'enum', values, brief, optional: true } });

const parseForm =
  ({ pattern, says }: IdForm): Parse<string> =>
  (word) => {
    if (!pattern.test(word)) throw new SyntaxError(says);
    return word;
  };

/** An id that may be left out. */
export const id = (form: IdForm, brief: string): Parameter<string | undefined> =>
  parsed({ brief, placeholder: 'ID', parse: parseForm(form) }, { optional: true });

/** An id that must be there. */
export const requiredId = (form: IdForm, brief: string): Parameter<string> =>
  parsed({ brief, placeholder: 'ID', parse: parseForm(form) }, {});

const parseCount: Parse<number> = (word) => {
  if (!/^\d{1,9}$/.test(word)) throw new SyntaxError('must be a whole number');
  return Number(word);
};

/** A whole number. */
export const count = (brief: string): Parameter<number | undefined> =>
  parsed({ brief, placeholder: 'N', parse: parseCount }, { optional: true });

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads `90`, `90s`, `10m`, `1.5h`, `500ms`; seconds where no unit is named. Gives milliseconds. */
export const parseDuration: Parse<number> = (word) => {
  const [, amount = '', unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)?$/.exec(word) ?? [];
  const ms = Math.round(Number(amount) * (UNIT_MS[unit] ?? 0));
  if (amount === '' || ms < 1) throw new SyntaxError('must be a time like 90s, 10m or 1h');
  return ms;
};

/** A length of time; the command gets milliseconds. */
export const duration = (brief: string): Parameter<number | undefined> =>
  parsed({ brief, placeholder: 'TIME', parse: parseDuration }, { optional: true });

/** Takes a flag out of the help. */
export const hidden = <T>({ parameter }: Parameter<T>): Parameter<T> => ({
  parameter: { ...parameter, hidden: true },
});

/** An argument that stands by its place. */
export const argument = (placeholder: string, brief: string, form?: IdForm): Parameter<string> => ({
  parameter: { placeholder, brief, parse: form ? parseForm(form) : asIs },
});

/** An argument that may be left out. */
export const optionalArgument = (placeholder: string, brief: string): Parameter<string | undefined> => ({
  parameter: { placeholder, brief, parse: asIs, optional: true },
});
