import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@xem/runtime';
import { z } from 'zod';
import type { AgentsTask } from './agents.ts';

const PROGRAM = fileURLToPath(new URL('agents.ts', import.meta.url));

/** A process has 1,023 sockets of ZeroMQ, and an agent needs more than one. */
const AGENTS_PER_PROCESS = 250;
const POLL_MS = 5;
const PATIENCE_MS = 40_000;

const Told = z.object({ open: z.int() });

/** Simulated agents in processes of their own. */
export interface Agents {
  /** How many have a session now. */
  open(): number;
  /** Resolves when so many have one. @throws Error when it takes too long */
  reach(count: number): Promise<void>;
  stop(): void;
}

/** Starts the agents of a task. */
export function startAgents(clock: Clock, task: AgentsTask): Agents {
  const processes = Math.ceil(task.names.length / AGENTS_PER_PROCESS);
  const counts = Array.from({ length: processes }, () => 0);
  const children = counts.map((_, nth) => {
    const child = fork(PROGRAM, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('message', (message) => (counts[nth] = Told.parse(message).open));
    child.send({
      ...task,
      names: task.names.slice(nth * AGENTS_PER_PROCESS, (nth + 1) * AGENTS_PER_PROCESS),
    });
    return child;
  });
  const open = (): number => counts.reduce((sum, count) => sum + count, 0);
  return {
    open,
    reach: async (count) => {
      const givesUpAt = clock.monotonic() + PATIENCE_MS;
      while (open() !== count) {
        if (clock.monotonic() > givesUpAt) throw new Error(`${open()} of ${count} agents have a session`);
        await clock.sleep(POLL_MS);
      }
    },
    stop: () => {
      for (const child of children) if (child.connected) child.disconnect();
    },
  };
}
