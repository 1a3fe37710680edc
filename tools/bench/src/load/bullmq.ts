import { loadBullmq, Numbered, redisAt } from '../peer/bullmq.ts';
import type { BullmqDriver, Driver } from './driver.ts';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Adds jobs and hears of their ends on the stream of events. Ids are given before, so that no question is asked for a
 * job that has ended already: `waitUntilFinished` asks one for each.
 */
export async function bullmqDriver({ socket, queue: name }: BullmqDriver): Promise<Driver> {
  const { Queue, QueueEvents } = loadBullmq();
  const queue = new Queue(name, redisAt(socket));
  const events = new QueueEvents(name, redisAt(socket));
  const waiting = new Map<string, Waiting>();
  events.on('completed', ({ jobId, returnvalue }) => waiting.get(jobId)?.resolve(returnvalue));
  events.on('failed', ({ jobId, failedReason }) => waiting.get(jobId)?.reject(new Error(failedReason)));
  await events.waitUntilReady();
  return {
    call: async (n) => {
      const jobId = `call-${n}`;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(jobId, { resolve, reject });
      const [result] = await Promise.all([promise, queue.add('noop', { n }, { jobId })]);
      waiting.delete(jobId);
      if (Numbered.parse(result).n !== n) throw new Error(`${jobId} was answered ${JSON.stringify(result)}`);
    },
    rest: () => undefined,
  };
}
