import { z } from 'zod';
import { isFunction, loadPeer } from './folder.ts';

/** A call of BullMQ: its number, which is its result too. */
export const Numbered = z.object({ n: z.int() });

interface Options {
  readonly connection: { readonly path: string; readonly maxRetriesPerRequest: null };
}

interface Queue {
  add(name: string, data: z.infer<typeof Numbered>, options: { readonly jobId: string }): Promise<unknown>;
  getJobCounts(...states: readonly string[]): Promise<Record<string, number>>;
  close(): Promise<void>;
}

interface Ended {
  readonly jobId: string;
  readonly returnvalue?: unknown;
  readonly failedReason?: string;
}

interface QueueEvents {
  on(event: 'completed' | 'failed', heard: (ended: Ended) => void): unknown;
  waitUntilReady(): Promise<unknown>;
}

type Processor = (job: { readonly data: unknown }) => Promise<unknown>;

interface Worker {
  waitUntilReady(): Promise<unknown>;
}

const Bullmq = z.object({
  Queue: z.custom<new (name: string, options: Options) => Queue>(isFunction),
  QueueEvents: z.custom<new (name: string, options: Options) => QueueEvents>(isFunction),
  Worker:
    z.custom<
      new (name: string, work: Processor, options: Options & { readonly concurrency: number }) => Worker
    >(isFunction),
});

/** What is used of BullMQ. */
export const loadBullmq = (): z.infer<typeof Bullmq> => loadPeer('bullmq', Bullmq);

/** How a Redis on this socket is reached. */
export const redisAt = (socket: string): Options => ({
  connection: { path: socket, maxRetriesPerRequest: null },
});
