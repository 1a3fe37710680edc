import { z } from 'zod';
import { Concurrency } from '../entity/workspace.ts';
import { Reason, row } from './row.ts';

const Name = z.string().describe('Its name');

/** What the journal hears of workspaces; `refs` names the agent that is bound. */
export const WORKSPACE_ENTRIES = {
  'workspace.created': row('exec.workspace_created', { name: Name }),
  'workspace.updated': row(null, {
    name: Name,
    type: z.string().nullable().describe('What it is said to be'),
    model: z.string().nullable().describe('The model it is said to be for'),
    concurrency: Concurrency.describe('How many calls run in it at once'),
  }),
  'workspace.bound': row(null, {}),
  'workspace.unbound': row(null, {}),
  'workspace.paused': row(null, { reason: Reason }),
  'workspace.resumed': row(null, { reason: Reason }),
} as const;
