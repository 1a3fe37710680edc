import { loadBullmq, redisAt } from './bullmq.ts';

const CONCURRENCY = 128;

/** Answers the data of each job. The arguments are the socket of Redis and the name of the queue. */
const [socket = '', queue = ''] = process.argv.slice(2);
const { Worker } = loadBullmq();
const worker = new Worker(queue, async (job) => job.data, { ...redisAt(socket), concurrency: CONCURRENCY });
process.on('disconnect', () => process.exit(0));
await worker.waitUntilReady();
process.send?.('ready');
