import { z } from 'zod';

const Header = z.object({ required: z.boolean().optional(), schema: z.record(z.string(), z.unknown()) });
const Reference = z.object({ $ref: z.string() });
const Schema = z.record(z.string(), z.unknown());

const Content = z.object({
  schema: Schema,
  examples: z.record(z.string(), Reference).optional(),
  'x-events': z.record(z.string(), Schema).optional(),
});

const Answer = z.object({
  headers: z.record(z.string(), z.union([Reference, Header])).default({}),
  content: z.record(z.string(), Content).optional(),
});

const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), responses: z.record(z.string(), Answer) })),
  ),
  components: z.object({
    schemas: z.record(z.string(), Schema),
    headers: z.record(z.string(), Header),
  }),
});

export type Schema = z.infer<typeof Schema>;
type Header = z.infer<typeof Header>;

/** What the document says of one media type of an answer. */
export interface DescribedContent {
  readonly schema: Schema;
  /** Of a refusal: the codes it may have. */
  readonly codes: ReadonlySet<string> | null;
  /** Of a stream: what its events carry. */
  readonly events: Readonly<Record<string, Schema>> | null;
}

/** What the document says of an answer with one status. */
export interface DescribedAnswer {
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, Header>;
  readonly content: ReadonlyMap<string, DescribedContent>;
}

/** What the document says of an operation. */
export interface DescribedOperation {
  readonly id: string;
  readonly method: string;
  /** Matches the path below the mount. */
  readonly path: RegExp;
  readonly answers: ReadonlyMap<number, DescribedAnswer>;
}

/** A document, made ready to be held against answers. */
export interface Described {
  /** Those without a parameter in their path come first. */
  readonly operations: readonly DescribedOperation[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

const nameIn = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

const pathForm = (template: string): RegExp =>
  new RegExp(
    `^${template.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, '[^/]+')}$`,
  );

function answerOf(
  { headers, content = {} }: z.infer<typeof Answer>,
  known: Readonly<Record<string, Header>>,
): DescribedAnswer {
  const resolved = Object.entries(headers).map(([name, header]) => {
    const found = '$ref' in header ? known[nameIn(header.$ref)] : header;
    if (!found) throw new Error(`the document does not describe the header ${name}`);
    return [name.toLowerCase(), found] as const;
  });
  const contents = Object.entries(content).map(([type, { schema, examples, 'x-events': events = null }]) => {
    const codes = examples ? new Set(Object.values(examples).map(({ $ref }) => nameIn($ref))) : null;
    return [type, { schema, codes, events }] as const;
  });
  return { headers: new Map(resolved), content: new Map(contents) };
}

const hasParameter = ({ path }: DescribedOperation): number => Number(path.source.includes('[^/]+'));

/** Reads an OpenAPI document of the router. @throws when it is none */
export function readDocument(given: unknown): Described {
  const { paths, components } = Document.parse(given);
  const operations = Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, { operationId: id, responses }]): DescribedOperation => {
      const answers = Object.entries(responses).map(
        ([status, answer]) => [Number(status), answerOf(answer, components.headers)] as const,
      );
      return { id, method: method.toUpperCase(), path: pathForm(template), answers: new Map(answers) };
    }),
  );
  return {
    operations: operations.toSorted((a, b) => hasParameter(a) - hasParameter(b)),
    schemas: components.schemas,
  };
}
