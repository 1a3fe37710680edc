import { z } from 'zod';
import { row } from './row.ts';

const ORIGIN = {
  source_address: z.string().nullable().describe('Where the agent enrolled from'),
  registration_name: z.string().describe('The name it asked for'),
};

/** What the journal hears of join keys and of their uses; `refs` names the agent of a use. */
export const JOIN_KEY_ENTRIES = {
  'join_key.created': row(null, {
    uses: z.int().min(1).describe('How many agents may enrol with it'),
    replace: z.boolean().describe('Whether they take the place of the agent that has its name'),
  }),
  'join_key.reserved': row(null, ORIGIN),
  'join_key.confirmed': row(null, {}),
  'join_key.lapsed': row(null, {}),
  'join_key.refused': row(null, { code: z.string().describe('Why, as a code of the catalogue'), ...ORIGIN }),
  'join_key.revoked': row(null, {}),
} as const;
