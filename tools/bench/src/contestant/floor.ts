import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Contestant, ContestantRow, StartContext } from './contestant.ts';

const PROGRAM = fileURLToPath(new URL('../floor/main.ts', import.meta.url));
const Ready = z.object({ port: z.int(), pids: z.array(z.int()) });
const Count = z.object({ calls: z.int() });

async function startFloor({ clock, dir }: StartContext): Promise<Contestant> {
  const startedAt = clock.monotonic();
  const child = fork(PROGRAM, [join(dir, 'floor.db')], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const [ready]: unknown[] = await once(child, 'message');
  const { port, pids } = Ready.parse(ready);
  const url = `http://127.0.0.1:${port}/`;
  return {
    name: FLOOR,
    about: 'plain Node: HTTP, SQLite flushed with each commit of a turn, a worker process, a chained record',
    readyMs: clock.monotonic() - startedAt,
    pids,
    driver: {
      kind: 'http',
      url,
      headers: { 'content-type': 'application/json' },
      body: ['{"n":', '}'],
      expects: ['"result":{"n":', '}'],
      keyHeader: null,
    },
    verify: async (calls) => {
      const count = Count.parse(await (await fetch(url)).json());
      if (count.calls !== calls) throw new Error(`the floor did ${count.calls} of ${calls} calls`);
      return `${calls} rows with results, chain verified`;
    },
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}

/** The name of the contestant that is in every run. */
export const FLOOR = 'floor';

/** The least that durable work costs on this machine; needs nothing installed. */
export const floor: ContestantRow = { name: FLOOR, missing: () => null, start: startFloor };
