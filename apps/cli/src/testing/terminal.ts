import { systemClock, type Clock } from '@xem/runtime';
import { seededIds } from '@xem/runtime/testing';
import type { Io, Sink } from '../io.ts';
import { run } from '../run.ts';

/** The world of one command in a test. Whatever is left out is a pipe, and a router that is not there. */
export interface World {
  readonly baseUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Width of the terminal; without it standard output is a pipe. */
  readonly columns?: number;
  /** What is typed or piped in. */
  readonly stdin?: string;
  /** Whether somebody is there to answer. */
  readonly attended?: boolean;
  readonly clock?: Clock;
  /** Gets a function that presses Ctrl-C. */
  readonly onReady?: (interrupt: () => void) => void;
  /** Told of every write to standard output. */
  readonly onOutput?: (text: string) => void;
}

/** What came of a command. */
export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly bytes: Buffer;
  readonly stderr: string;
  readonly errorBytes: Buffer;
  readonly questions: readonly string[];
}

function recorder(
  columns: number | undefined,
  told?: (text: string) => void,
): Sink & { readonly all: () => Buffer } {
  const chunks: Buffer[] = [];
  return {
    isTty: columns !== undefined,
    columns: columns ?? 80,
    write: async (data) => {
      chunks.push(Buffer.from(data));
      told?.(data.toString());
    },
    all: () => Buffer.concat(chunks),
  };
}

/** Time passes, but nobody waits for it. */
const hasty = (): Clock => ({ ...systemClock(), sleep: async () => undefined });

/** Runs `xeroctl` with these words. */
export async function xeroctl(words: readonly string[], world: World = {}): Promise<Outcome> {
  const stdout = recorder(world.columns, world.onOutput);
  const stderr = recorder(world.columns);
  const questions: string[] = [];
  const clock = world.clock ?? hasty();
  const interrupts = new Set<() => void>();
  const io: Io = {
    stdin: {
      isTty: world.attended ?? false,
      text: async () => world.stdin ?? '',
      ask: async (question) => {
        questions.push(question);
        return world.stdin ?? '';
      },
    },
    stdout,
    stderr,
    env: {
      XDG_CONFIG_HOME: '/nonexistent',
      ...(world.baseUrl !== undefined && {
        XEROTIER_BASE_URL: world.baseUrl,
        XEROTIER_API_KEY: 'xero_test_k',
      }),
      ...world.env,
    },
    clock,
    ids: seededIds(clock),
    onInterrupt: (call) => {
      interrupts.add(call);
      return () => interrupts.delete(call);
    },
  };
  world.onReady?.(() => {
    for (const call of interrupts) call();
  });
  const exit = await run(words, io);
  return {
    exit,
    stdout: stdout.all().toString('utf8'),
    bytes: stdout.all(),
    stderr: stderr.all().toString('utf8'),
    errorBytes: stderr.all(),
    questions,
  };
}
