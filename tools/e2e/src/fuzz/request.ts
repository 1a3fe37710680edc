import fc from 'fast-check';
import { z } from 'zod';
import { oddBody, oddHeader, oddName, oddQuery, oddSegment, oddValue } from './oddity.ts';
import { arbitraryOf, type Making } from './schema-arbitrary.ts';

/** A request as it goes out. */
export interface FuzzRequest {
  readonly method: string;
  readonly target: string;
  /** Whose key it brings, by its place among the keys; null brings none. */
  readonly key: number | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | null;
}

const Parameter = z.looseObject({ in: z.string(), name: z.string(), schema: z.unknown() });

const Described = z.looseObject({
  operationId: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) })
    .optional(),
});

const Document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), Described)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

type Members = Readonly<Record<string, unknown>>;

interface Shape {
  readonly id: string;
  readonly method: string;
  readonly template: string;
  readonly path: Members;
  readonly query: Members;
  readonly body: unknown;
}

/** The places of keys that get furthest. */
const STRONGEST = [0, 1];

const PREFIXES = ['', '', '', '/prj_000000000000000000000000', '/%00', '/..', '//'];

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string =>
  encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed());

const filled = ({ template, path }: Shape): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => textOf(path[name]) || 'x');

const queryOf = ({ query }: Shape): string =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join('&');

const without = (members: Members, gone: string): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => name !== gone));

/** Spoils one member of a body, adds one, or takes one away. */
const spoilt = (body: unknown): fc.Arbitrary<unknown> => {
  const members = isMembers(body) ? body : {};
  const names = Object.keys(members);
  const spoil = (name: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
    fc
      .tuple(name, oddValue)
      .map(([at, value]) => Object.fromEntries([...Object.entries(members), [at, value]]));
  if (names.length === 0) return spoil(oddName);
  const own = fc.constantFrom(...names);
  return fc.oneof(
    spoil(own),
    spoil(oddName),
    own.map((gone) => without(members, gone)),
  );
};

const bytesOf = (body: unknown): Buffer => Buffer.from(JSON.stringify(body) ?? '');

function bodyOf({ body, method }: Shape): fc.Arbitrary<Buffer | null> {
  const right = fc.constant(body === undefined ? null : bytesOf(body));
  if (method === 'get') return fc.oneof({ weight: 20, arbitrary: right }, oddBody);
  return fc.oneof(
    { weight: 5, arbitrary: right },
    { weight: 4, arbitrary: spoilt(body).map(bytesOf) },
    oddBody,
  );
}

const targetOf = (shape: Shape): fc.Arbitrary<string> =>
  fc
    .record({
      prefix: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.constantFrom(...PREFIXES)),
      query: fc.oneof(
        { weight: 6, arbitrary: fc.constant(queryOf(shape)) },
        oddQuery.map((odd) => `${queryOf(shape)}&${odd}`),
      ),
      segment: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, oddSegment),
    })
    .map(({ prefix, query, segment }) => {
      const path = filled(shape);
      const changed = segment === null ? path : path.replace(/[^/]+$/, () => segment);
      return `${prefix}/v1${changed}${query === '' ? '' : `?${query}`}`;
    });

const methodOf = ({ method }: Shape): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant(method.toUpperCase()) },
    fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'),
  );

const fromShape = (shape: Shape, keys: number): fc.Arbitrary<FuzzRequest> =>
  fc.record({
    method: methodOf(shape),
    target: targetOf(shape),
    key: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...STRONGEST) },
      { weight: 20, arbitrary: fc.nat({ max: keys - 1 }) },
      fc.constant(null),
    ),
    headers: fc.array(oddHeader, { maxLength: 2 }),
    body: bodyOf(shape),
  });

/** What requests are made with. */
export interface RequestMaking extends Omit<Making, 'schemas'> {
  /** Input that an operation takes, by its id, where one is known. */
  readonly right: ReadonlyMap<string, Members>;
  /** How many keys there are. */
  readonly keys: number;
}

const pick = (members: Members, names: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => Object.hasOwn(names, name)));

const leave = (members: Members, names: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !Object.hasOwn(names, name)));

/** Puts input that is right into the places of a shape; what is more in it stays. */
function withRight(shape: Shape, right: Members): Shape {
  const others = leave(right, shape.path);
  const path = { ...shape.path, ...pick(right, shape.path) };
  return shape.body === undefined ? { ...shape, path, query: others } : { ...shape, path, body: others };
}

/** Makes requests out of a document: for each operation what it takes, and what it does not. */
export function requestsOf(given: unknown, making: RequestMaking) {
  const { paths, components } = Document.parse(given);
  const made = { ...making, schemas: components.schemas };
  const shapes = Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters, requestBody }]) => {
      const members = (where: string): fc.Arbitrary<Members> => {
        const named = parameters.filter((parameter) => parameter.in === where);
        const record = Object.fromEntries(named.map(({ name, schema }) => [name, arbitraryOf(schema, made)]));
        return fc.record(record, where === 'path' ? {} : { requiredKeys: [] });
      };
      const schema = requestBody?.content['application/json']?.schema;
      return fc.record({
        id: fc.constant(operationId),
        method: fc.constant(method),
        template: fc.constant(template),
        path: members('path'),
        query: members('query'),
        body: schema === undefined ? fc.constant(undefined) : arbitraryOf(schema, made),
      });
    }),
  );
  return fc.tuple(fc.oneof(...shapes), fc.boolean()).chain(([shape, isRight]) => {
    const right = isRight ? making.right.get(shape.id) : undefined;
    return fromShape(right ? withRight(shape, right) : shape, making.keys);
  });
}
