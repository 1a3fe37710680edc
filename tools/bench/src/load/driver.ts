import { z } from 'zod';

/** A call over HTTP. The number of the call goes between the two halves of `body`, `expects` and `key`. */
const HttpDriver = z.object({
  kind: z.literal('http'),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  body: z.tuple([z.string(), z.string()]),
  /** What the answer must hold for the result to be that of this call; one piece when it is the same for all. */
  expects: z.array(z.string()),
  /** The header that gets a key of the call's own, if it takes one. */
  keyHeader: z.string().nullable(),
});

/** A process started with pipes, which is what a machine can do at best. */
const SpawnDriver = z.object({ kind: z.literal('spawn'), command: z.string() });

const BullmqDriver = z.object({ kind: z.literal('bullmq'), socket: z.string(), queue: z.string() });

const GraphileDriver = z.object({ kind: z.literal('graphile'), database: z.string(), clients: z.int() });

/** How the load generator makes one call of a contestant and sees its result. */
export const DriverSpec = z.discriminatedUnion('kind', [
  HttpDriver,
  SpawnDriver,
  BullmqDriver,
  GraphileDriver,
]);
export type DriverSpec = z.infer<typeof DriverSpec>;
export type HttpDriver = z.infer<typeof HttpDriver>;
export type BullmqDriver = z.infer<typeof BullmqDriver>;
export type GraphileDriver = z.infer<typeof GraphileDriver>;

/** A contestant as the load generator sees it. */
export interface Driver {
  /** Makes one call and looks at its result. @throws Error when the result is not that of this call */
  call(n: number): Promise<void>;
  /** Lets go of what is not kept between two measurements. */
  rest(): void;
}
