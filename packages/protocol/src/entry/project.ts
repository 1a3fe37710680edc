import { z } from 'zod';
import { ExecutionStatusWord } from '../entity/execution.ts';
import { Billing, CallTariff } from '../entity/project.ts';
import { RateLimit } from '../entity/principal.ts';
import { ProjectSlug, Timestamp, ToolName, WorkspaceId } from '../id.ts';
import { Reason, row } from './row.ts';

/** What the journal hears of its project, and of what is taken out of it. */
export const PROJECT_ENTRIES = {
  'export.created': row(null, {
    what: z.enum(['executions', 'journal']).describe('What was exported'),
    created_after: Timestamp.optional().describe('Only executions that were created after this time'),
    created_before: Timestamp.optional().describe('Only executions that were created before this time'),
    status: ExecutionStatusWord.optional().describe('Only executions in this status'),
    tool: ToolName.optional().describe('Only executions of this tool'),
    workspace_id: WorkspaceId.optional().describe('Only executions in this workspace'),
    from_seq: z.int().optional().describe('The first entry that was asked for'),
    to_seq: z.int().optional().describe('The last entry that was asked for'),
  }),
  'project.created': row(null, { slug: ProjectSlug.describe('Its short name inside API keys') }),
  'project.updated': row(null, {
    name: z.string().describe('Its name'),
    plan: z.string().describe('What was agreed with it'),
    rate: RateLimit.nullable().describe('How many requests all its keys may send together'),
    billing: Billing.describe('Whether it pays what it owes'),
    tariff: CallTariff.nullable().describe('What a call costs; null is nothing'),
  }),
  'project.credited': row(null, {
    credits: z.int().min(0).describe('Credits that were added'),
    granted: z.int().min(0).describe('All credits that were ever added'),
  }),
  'project.paused': row(null, { reason: Reason }),
  'project.resumed': row(null, { reason: Reason }),
  'project.restored': row(null, {
    backup_made_at: Timestamp.describe('When the backup was made that the router came back from'),
    calls_ended: z.int().min(0).describe('How many calls were ended because nobody knows whether they ran'),
  }),
} as const;
