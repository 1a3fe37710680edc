import { ERROR_CODES } from '@xem/errors';
import { z } from 'zod';
import { CREATED_SPAN } from '../created-span.ts';
import { JournalEntry, JournalVerification } from '../entity/journal-entry.ts';
import { InvocationId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

export const listJournal = operation({
  id: 'journal.list',
  method: 'GET',
  path: '/exec/journal',
  scope: 'any',
  summary: 'List journal entries, newest first',
  answers: 'json',
  input: z.strictObject({
    ...PageQuery.shape,
    types: z.string().max(2048).optional(),
    invocation_id: InvocationId.optional(),
    ...CREATED_SPAN,
  }),
  output: pageOf(JournalEntry, 'JournalEntryList'),
  errors: [],
});

export const verifyJournal = operation({
  id: 'journal.verify',
  method: 'GET',
  path: '/exec/journal/verify',
  scope: 'any',
  summary: 'Walk the hash chain of the project',
  answers: 'json',
  input: z.strictObject({}),
  output: JournalVerification,
  errors: [],
});

const ErrorDescription = z
  .object({
    object: z.literal('error'),
    code: z.enum(ERROR_CODES),
    surface: z.enum(['http', 'enrollment', 'execution']),
    http: z.array(z.int()),
    type: z.string().nullable(),
    retry: z.enum(['never', 'backoff', 'after_top_up']),
    exit_code: z.int(),
    message: z.string(),
    operator_action: z.string(),
  })
  .meta({ id: 'ErrorDescription' });

export const listErrors = operation({
  id: 'error.list',
  method: 'GET',
  path: '/errors',
  scope: 'none',
  summary: 'Read the catalogue of errors',
  answers: 'json',
  input: z.strictObject({}),
  output: pageOf(ErrorDescription, 'ErrorList'),
  errors: [],
});
