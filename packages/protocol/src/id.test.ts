import { expect, test } from 'vitest';
import type { z } from 'zod';
import * as ids from './id.ts';

const HEX_24 = '0123456789abcdef01234567';

interface Grammar {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly takes: readonly string[];
  readonly refuses: readonly unknown[];
}

const prefixed = (name: string, schema: z.ZodType, prefix: string): Grammar => ({
  name,
  schema,
  takes: [`${prefix}_${HEX_24}`],
  refuses: [
    `${prefix}_${HEX_24}0`,
    `${prefix}_${HEX_24.slice(1)}`,
    `${prefix}_${HEX_24.toUpperCase()}`,
    `${prefix}-${HEX_24}`,
    `x${prefix}_${HEX_24}`,
    `${prefix}_${HEX_24}\n`,
    HEX_24,
    '',
    null,
    42,
  ],
});

const uuid = (name: string, schema: z.ZodType): Grammar => ({
  name,
  schema,
  takes: ['5f9c3b1a-8d0e-4c2f-9c1d-2b9f5e7a8c10', '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'],
  refuses: [
    '5F9C3B1A-8D0E-4C2F-9C1D-2B9F5E7A8C10',
    '5f9c3b1a8d0e4c2f9c1d2b9f5e7a8c10',
    '{5f9c3b1a-8d0e-4c2f-9c1d-2b9f5e7a8c10}',
    '5f9c3b1a-8d0e-4c2f-9c1d-2b9f5e7a8c1',
    '5f9c3b1a-8d0e-4c2f-9c1d-2b9f5e7a8c10\n',
    '../../etc/passwd',
    '',
    null,
  ],
});

const GRAMMARS: readonly Grammar[] = [
  prefixed('ProjectId', ids.ProjectId, 'prj'),
  prefixed('AgentId', ids.AgentId, 'agt'),
  prefixed('PrincipalId', ids.PrincipalId, 'prn'),
  prefixed('ApiKeyId', ids.ApiKeyId, 'key'),
  prefixed('JoinKeyId', ids.JoinKeyId, 'jkr'),
  prefixed('EntryId', ids.EntryId, 'evt'),
  prefixed('PolicyId', ids.PolicyId, 'pol'),
  uuid('InvocationId', ids.InvocationId),
  uuid('ExecutionId', ids.ExecutionId),
  uuid('ApprovalId', ids.ApprovalId),
  {
    name: 'WorkspaceId',
    schema: ids.WorkspaceId,
    takes: ['ws_a1b2c3d4', `ws_${HEX_24}`, `ws_${'0'.repeat(32)}`],
    refuses: [
      'ws_a1b2c3d',
      `ws_${'0'.repeat(33)}`,
      'ws_A1B2C3D4',
      '5f9c3b1a-8d0e-4c2f-9c1d-2b9f5e7a8c10',
      'ws_',
      7,
    ],
  },
  {
    name: 'RegistrationName',
    schema: ids.RegistrationName,
    takes: ['a', 'xem-jumphost-01', '0', 'a'.repeat(48)],
    refuses: ['', '-a', 'a-', 'A', 'a_b', 'a.b', 'a'.repeat(49), 'a\n', 'ä'],
  },
  {
    name: 'ToolName',
    schema: ids.ToolName,
    takes: ['kubectl_get', 'github.create_repo', 'A-1', 'x'.repeat(64)],
    refuses: ['', 'a b', 'a/b', 'x'.repeat(65), 'a\n', 'é'],
  },
  {
    name: 'ToolAlias',
    schema: ids.ToolAlias,
    takes: ['github_create_repo', 'A-1'],
    refuses: ['', 'github.create_repo', 'x'.repeat(65)],
  },
  {
    name: 'ProjectSlug',
    schema: ids.ProjectSlug,
    takes: ['dev', 'a-1'],
    refuses: ['', '-a', 'A', 'a'.repeat(33)],
  },
  {
    name: 'Sha256',
    schema: ids.Sha256,
    takes: ['0'.repeat(64)],
    refuses: ['0'.repeat(63), 'A'.repeat(64), 'g'.repeat(64), `${'0'.repeat(64)}\n`],
  },
  {
    name: 'CurveKey',
    schema: ids.CurveKey,
    takes: ['rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7', 'JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6'],
    refuses: ['rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf', 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y 7', ''],
  },
  {
    name: 'SigningKey',
    schema: ids.SigningKey,
    takes: ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
    refuses: [
      '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
      '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      '',
    ],
  },
  {
    name: 'Timestamp',
    schema: ids.Timestamp,
    takes: ['2026-01-01T00:00:00.000Z'],
    refuses: [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.000+01:00',
      '2026-01-01',
      '2026-13-01T00:00:00.000Z',
      0,
    ],
  },
];

test.each(GRAMMARS)('$name takes what has its form', ({ schema, takes }) => {
  expect(takes.filter((word) => !schema.safeParse(word).success)).toEqual([]);
});

test.each(GRAMMARS)('$name refuses everything else', ({ schema, refuses }) => {
  expect(refuses.filter((word) => schema.safeParse(word).success)).toEqual([]);
});
