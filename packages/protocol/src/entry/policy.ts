import { z } from 'zod';
import { row } from './row.ts';

const VERSION = {
  name: z.string().describe('Its name'),
  version: z.int().min(1).describe('The version that this entry is about'),
  changed: z
    .record(z.string(), z.object({ was: z.unknown(), now: z.unknown() }))
    .optional()
    .describe('Each member that is otherwise than in the policy that governed before'),
};

/** What the journal hears of policies. */
export const POLICY_ENTRIES = {
  'policy.created': row(null, VERSION),
  'policy.updated': row(null, VERSION),
  'policy.deleted': row(null, VERSION),
} as const;
