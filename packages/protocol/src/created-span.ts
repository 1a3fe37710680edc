import { z } from 'zod';

/** Any form of ISO 8601 that names its offset. */
const Moment = z.iso.datetime({ offset: true }).optional();

/** The span of time that a list or an export is of, without its end: spans that adjoin hold each thing once. */
export const CREATED_SPAN = {
  created_after: Moment.describe('Only what was created at this time or later'),
  created_before: Moment.describe('Only what was created before this time'),
};
