import { z } from 'zod';
import { CREATED_SPAN } from '../created-span.ts';
import { ExecutionStatusWord } from '../entity/execution.ts';
import { ExportLines } from '../entity/export.ts';
import { ToolName, WorkspaceId } from '../id.ts';
import { operation } from './operation.ts';

const exports = {
  method: 'POST',
  scope: 'any',
  answers: 'blob',
  media: 'application/x-ndjson',
  output: ExportLines,
  errors: [],
} as const;
const Format = z.enum(['ndjson']).default('ndjson');

export const exportExecutions = operation({
  ...exports,
  id: 'export.executions',
  path: '/exports/executions',
  summary: 'Export executions with their invocations, newest first',
  input: z.strictObject({
    ...CREATED_SPAN,
    status: ExecutionStatusWord.optional(),
    tool: ToolName.optional(),
    workspace_id: WorkspaceId.optional(),
    format: Format,
  }),
});

export const exportJournal = operation({
  ...exports,
  id: 'export.journal',
  path: '/exports/journal',
  summary: 'Export the journal so that anybody can verify its chain, oldest entry first',
  input: z.strictObject({
    from_seq: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'The oldest entry there is when it is left out' }),
    to_seq: z.int().min(1).optional().meta({ description: 'The newest entry when it is left out' }),
    format: Format,
  }),
});
