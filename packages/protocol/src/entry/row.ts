import { z } from 'zod';

/** A row of the table of entries: the webhook event it is sent as, or null, and the members of its `data`. */
export const row = <Event extends string | null, Shape extends z.core.$ZodLooseShape>(
  webhook: Event,
  members: Shape,
) => ({ webhook, data: z.strictObject(members) });

/** Why a person did it, in their own words. */
export const Reason = z.string().nullable().describe('In the words of whoever did it');

/** Where the browser was. */
export const Address = z.string().nullable().describe('The address that it came from');
