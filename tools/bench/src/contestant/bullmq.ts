import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { loadBullmq, redisAt } from '../peer/bullmq.ts';
import { missingPackages, PEER_PACKAGES } from '../peer/folder.ts';
import { findProgram } from '../peer/program.ts';
import { startServer } from '../peer/server.ts';
import { startWorker } from '../peer/worker.ts';
import type { Contestant, ContestantRow, StartContext } from './contestant.ts';

/** When Redis flushes its log: with every command, or once a second, which loses up to a second of work. */
type Flush = 'always' | 'everysec';

const WORKER = new URL('../peer/bullmq-worker.ts', import.meta.url);
const QUEUE = 'bench';

const redisServer = (): string | null => findProgram('redis-server', process.env['PATH'] ?? '');

async function takesConnections(socket: string): Promise<boolean> {
  const connection = connect(socket);
  await once(connection, 'connect');
  connection.destroy();
  return true;
}

async function verify(socket: string, calls: number): Promise<string> {
  const { Queue } = loadBullmq();
  const queue = new Queue(QUEUE, redisAt(socket));
  const { completed } = await queue.getJobCounts('completed');
  await queue.close();
  if (completed !== calls) throw new Error(`BullMQ did ${completed} of ${calls} jobs`);
  return `${calls} jobs completed`;
}

async function startBullmq(flush: Flush, { clock, dir }: StartContext): Promise<Contestant> {
  const socket = join(dir, 'redis.sock');
  const durability = ['--appendonly', 'yes', '--appendfsync', flush, '--save', ''];
  const startedAt = clock.monotonic();
  const server = await startServer({
    clock,
    program: redisServer() ?? '',
    args: ['--port', '0', '--unixsocket', socket, '--dir', dir, '--loglevel', 'warning', ...durability],
    log: join(dir, 'log'),
    isReady: () => takesConnections(socket),
  });
  const worker = await startWorker(WORKER, [socket, QUEUE]);
  return {
    name: `bullmq-${flush}`,
    about: `BullMQ ${PEER_PACKAGES.bullmq} with Redis, append-only file flushed ${flush}, no HTTP before it`,
    readyMs: clock.monotonic() - startedAt,
    pids: [server.pid, worker.pid],
    driver: { kind: 'bullmq', socket, queue: QUEUE },
    verify: (calls) => verify(socket, calls),
    stop: async () => {
      await worker.stop();
      await server.stop();
    },
  };
}

/** BullMQ with a Redis of its own. */
export const bullmq = (flush: Flush): ContestantRow => ({
  name: `bullmq-${flush}`,
  missing: () =>
    missingPackages('bullmq', 'ioredis') ?? (redisServer() === null ? 'no redis-server on PATH' : null),
  start: (context) => startBullmq(flush, context),
});
