import { z } from 'zod';

/** The schema of the answer to a deletion of an object of some type. */
export const deletionOf = <const Type extends string, Id extends z.ZodType>(object: Type, id: Id) =>
  z.object({ object: z.literal(object), id, deleted: z.literal(true) });
