import { z } from 'zod';

/** Calls on the way to the worker with their arguments, or on the way back with their results. */
export const Calls = z.array(z.tuple([z.int(), z.string()]));
export type Calls = z.infer<typeof Calls>;
