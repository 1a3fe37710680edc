import { z } from 'zod';
import { isFunction, loadPeer } from './folder.ts';

/** The argument of a call, and its result. */
export const Numbered = z.object({ n: z.int() });

interface Answer {
  readonly rows: readonly unknown[];
}

interface Queryable {
  query(sql: string, values?: readonly unknown[]): Promise<Answer>;
}

interface Client extends Queryable {
  connect(): Promise<void>;
  end(): Promise<void>;
  on(event: 'notification', heard: (notification: { readonly payload?: string }) => void): unknown;
}

interface Target {
  readonly connectionString: string;
}

const Postgres = z.object({
  Client: z.custom<new (options: Target) => Client>(isFunction),
});

/** What is used of the client of PostgreSQL. */
export const loadPostgres = (): z.infer<typeof Postgres> => loadPeer('pg', Postgres);

type Task = (payload: unknown, helpers: Queryable) => Promise<void>;

interface Adding extends Target {
  readonly maxPoolSize: number;
  readonly logger: unknown;
}

interface Runner extends Adding {
  readonly concurrency: number;
  readonly noHandleSignals: true;
  readonly taskList: Record<string, Task>;
}

interface Utils {
  addJob(task: string, payload: z.infer<typeof Numbered>): Promise<unknown>;
}

const Graphile = z.object({
  run: z.custom<(runner: Runner) => Promise<unknown>>(isFunction),
  makeWorkerUtils: z.custom<(options: Adding) => Promise<Utils>>(isFunction),
  Logger: z.custom<new (scoped: () => () => void) => unknown>(isFunction),
});

/** What is used of graphile-worker. */
export const loadGraphile = (): z.infer<typeof Graphile> => loadPeer('graphile-worker', Graphile);

/** Where results are kept and told, for graphile-worker keeps none. */
export const RESULTS = 'bench_results';
