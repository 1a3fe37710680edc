import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Dealer } from 'zeromq';
import { z } from 'zod';
import { DEALER_OPTIONS } from './socket-options.ts';

const BUSY_ROUTER = fileURLToPath(new URL('../testing/busy-router.ts', import.meta.url));
const Told = z.tuple([z.object({ endpoint: z.url() }), z.unknown()]);

/** A line to a port that can be reset in the middle of everything. */
async function resettable(port: number): Promise<{ port: number; reset: () => void }> {
  const ends: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const end of [near, far]) end.on('error', () => undefined);
    near.pipe(far).pipe(near);
    ends.push(near, far);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const reset = (): void => ends.forEach((end) => end.resetAndDestroy());
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, reset };
}

test(
  'a router outlives an agent that sends more than it reads and is cut off then',
  { timeout: 120_000 },
  async () => {
    const router = fork(BUSY_ROUTER, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    onTestFinished(() => void router.kill('SIGKILL'));
    const [{ endpoint }] = Told.parse(await once(router, 'message'));
    const ended = once(router, 'exit');
    const line = await resettable(Number(new URL(endpoint).port));
    const agent = new Dealer({ ...DEALER_OPTIONS, sendTimeout: 200 });
    onTestFinished(() => agent.close());
    agent.connect(`tcp://127.0.0.1:${line.port}`);
    const fill = async (): Promise<void> => {
      for (;;) await agent.send(['output', Buffer.alloc(1000)]);
    };
    await expect(fill()).rejects.toThrow();
    line.reset();
    expect(await ended).toEqual([0, null]);
  },
);
