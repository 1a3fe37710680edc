import { Timestamp } from './id.ts';

/** The span of time that a list or an export is of, without its end: spans that adjoin hold each thing once. */
export const CREATED_SPAN = {
  created_after: Timestamp.optional().describe('Only what was created at this time or later'),
  created_before: Timestamp.optional().describe('Only what was created before this time'),
};
