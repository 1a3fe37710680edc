import { OPERATIONS, type Operation } from '@xem/protocol';
import { code, codes, page } from '../markdown.ts';
import { fieldsTable } from './fields.ts';

const ANSWERS = { json: 'JSON', stream: 'server-sent events', blob: 'bytes' } as const;
const SCOPES: Readonly<Record<string, string>> = { any: 'any key', none: 'no key' };

const nounOf = ({ id }: Operation): string => id.split('.', 1)[0] ?? id;

function operationBlocks(operation: Operation): readonly string[] {
  const { id, method, path, scope, summary, answers, status = 200, headers = [], errors, input } = operation;
  const facts = [
    `- Needs: ${SCOPES[scope] ?? `scope ${code(scope)}`}`,
    `- Answers: ${status}, ${ANSWERS[answers]}`,
    ...(headers.length > 0 ? [`- Honours: ${codes(headers)}`] : []),
    `- Errors of its own: ${codes(errors)}`,
  ];
  const fields = fieldsTable(input, 'Input');
  const blocks = [`### ${id}`, `${code(`${method} /v1${path}`)}: ${summary}.`, facts.join('\n')];
  return fields === null ? blocks : [...blocks, fields];
}

const INTRO = `Every route there is, below \`/v1\` and below \`/{project_id}/v1\`. Input members that are in the path are taken from it, the others from the query (\`GET\`, \`DELETE\`) or the body. A member that is not listed is refused with \`invalid_body\`.

Any request may also answer \`invalid_body\`, \`authentication_required\`, \`scope_insufficient\`, \`cross_project_access\`, \`endpoint_restricted\`, \`rate_limit_exceeded\`, \`payload_too_large\`, \`unavailable\` and \`internal\`: see [errors](errors.md).`;

const nounBlocks = (noun: string): readonly string[] => [
  `## ${noun}`,
  ...OPERATIONS.filter((operation) => nounOf(operation) === noun).flatMap(operationBlocks),
];

/** The reference of operations, by noun. */
export const operationsPage = (): string =>
  page('Operations', [INTRO, ...[...new Set(OPERATIONS.map(nounOf))].flatMap(nounBlocks)]);
