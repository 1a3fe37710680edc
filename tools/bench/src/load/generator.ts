import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Sample } from './closed-loop.ts';
import type { DriverSpec } from './driver.ts';
import type { LoadOrder } from './message.ts';

const PROGRAM = fileURLToPath(new URL('process.ts', import.meta.url));

const Answer = z.union([z.object({ sample: Sample.nullable() }), z.object({ error: z.string() })]);

/** Who is measured, with how many clients, and until when: whichever of the two is reached first. */
interface Measuring {
  readonly name: string;
  readonly clients: number;
  readonly ms: number;
  readonly calls?: number;
}

/** The process that makes the calls. */
export interface LoadGenerator {
  open(name: string, driver: DriverSpec): Promise<void>;
  /** @throws Error when a call fails or answers something else than it should */
  measure(measuring: Measuring): Promise<Sample>;
  stop(): Promise<void>;
}

/** Starts the load generator. One order at a time. */
export function startLoad(): LoadGenerator {
  const child = fork(PROGRAM, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const order = async (message: LoadOrder): Promise<Sample | null> => {
    const gone = ended.then(() => {
      throw new Error('the load generator is gone');
    });
    child.send(message);
    const [raw]: unknown[] = await Promise.race([once(child, 'message'), gone]);
    const answer = Answer.parse(raw);
    if ('error' in answer) throw new Error(`${message.name}: ${answer.error}`);
    return answer.sample;
  };
  return {
    open: async (name, driver) => {
      await order({ kind: 'open', name, driver });
    },
    measure: async ({ calls = Number.MAX_SAFE_INTEGER, ...measuring }) => {
      const sample = await order({ kind: 'measure', calls, ...measuring });
      return Sample.parse(sample);
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
