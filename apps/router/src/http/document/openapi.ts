import { OPERATIONS, pathParameters, type Operation } from '@xem/protocol';
import { z } from 'zod';
import {
  createDocument,
  type CreateDocumentOptions,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { takesBody } from '../input.ts';
import { ANSWER_HEADERS, requestHeaders } from './headers.ts';
import { EVENT_SCHEMAS } from './events.ts';
import { errorExamples } from './refusals.ts';
import { responsesOf } from './responses.ts';
import { WEBHOOK_REQUESTS } from './webhooks.ts';

/** The OpenAPI document of the API. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

const TAGS = {
  exec: 'Tools, calls, runs, approvals and the agents behind them.',
  management: 'Keys, people and the enrolment of agents.',
  workspaces: 'What calls are aimed at.',
  usage: 'What the project used.',
  whoami: 'Who the caller is.',
  errors: 'What can go wrong.',
  exports: 'Executions and the journal, to be taken out.',
  webhooks: 'Where events of the project are sent, and what became of them.',
} as const;

const tagOf = (path: string): string => path.split('/')[1] ?? 'exec';

const toTemplate = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

/** Members of an input by name; schemas that a refinement binds together stay whole where nothing is taken out. */
function membersOf({ input }: Operation, wanted: (name: string) => boolean): z.ZodObject | undefined {
  const names = Object.keys(input.shape);
  const taken = names.filter(wanted);
  if (taken.length === 0) return undefined;
  if (taken.length === names.length) return input;
  return z.strictObject(Object.fromEntries(taken.map((name) => [name, input.shape[name] ?? z.unknown()])));
}

/** What a key must hold. */
function sayScope({ scope }: Operation): string {
  if (scope === 'none') return 'Open to everybody: needs no key.';
  return scope === 'any' ? 'Needs a key; any scope will do.' : `Needs a key with the scope \`${scope}\`.`;
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const inPath = new Set(pathParameters(operation.path));
  const others = membersOf(operation, (name) => !inPath.has(name));
  const ids = membersOf(operation, (name) => inPath.has(name));
  const fromBody = takesBody(operation);
  const query = fromBody ? undefined : others;
  const header = requestHeaders(operation);
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: sayScope(operation),
    tags: [tagOf(operation.path)],
    security: operation.scope === 'none' ? [] : [{ key: [] }],
    requestParams: { ...(ids && { path: ids }), ...(query && { query }), ...(header && { header }) },
    ...(fromBody && others && { requestBody: { content: { 'application/json': { schema: others } } } }),
    responses: responsesOf(operation),
  };
}

function pathsOf(operations: readonly Operation[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    const template = toTemplate(operation.path);
    paths[template] = { ...paths[template], [operation.method.toLowerCase()]: describe(operation) };
  }
  return paths;
}

/** A tuple ends where it is said to end: JSON Schema lets others follow, and its linters ask what they are. */
const closeTuple: CreateDocumentOptions['override'] = ({ jsonSchema }) => {
  const { prefixItems } = jsonSchema;
  if (!prefixItems) return;
  const [first = {}] = prefixItems;
  Object.assign(jsonSchema, { items: first, minItems: prefixItems.length, maxItems: prefixItems.length });
};

/** Makes the OpenAPI 3.1 document of the table of operations. */
export const openApiDocument = (version: string): OpenApiDocument =>
  createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'XEM',
        version,
        description: 'A governed-execution mesh: ask for a tool call, have it decided, run and proved.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [
        { url: '/v1', description: 'The project of the key.' },
        {
          url: '/{project_id}/v1',
          description: 'The same, with the project named; it must be that of the key.',
          variables: { project_id: { default: 'prj_000000000000000000000000' } },
        },
      ],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      paths: pathsOf(OPERATIONS),
      webhooks: WEBHOOK_REQUESTS,
      components: {
        headers: ANSWER_HEADERS,
        examples: errorExamples(OPERATIONS),
        schemas: EVENT_SCHEMAS,
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: `xero_…`.' } },
      },
    },
    { override: closeTuple },
  );
