import { z } from 'zod';
import { DriverSpec } from './driver.ts';

/** What the load generator is told, one thing at a time: each is answered with a `Sample`, or with null. */
export const LoadOrder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), name: z.string(), driver: DriverSpec }),
  z.object({
    kind: z.literal('measure'),
    name: z.string(),
    clients: z.int(),
    /** For how long calls are begun. */
    ms: z.number(),
    /** At most this many calls are made. */
    calls: z.int(),
  }),
]);
export type LoadOrder = z.infer<typeof LoadOrder>;
