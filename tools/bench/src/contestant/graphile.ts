import { z } from 'zod';
import { missingPackages, PEER_PACKAGES } from '../peer/folder.ts';
import { loadPostgres, RESULTS } from '../peer/graphile.ts';
import { postgresProgram, startPostgres } from '../peer/postgres.ts';
import { startWorker } from '../peer/worker.ts';
import type { Contestant, ContestantRow, StartContext } from './contestant.ts';

const WORKER = new URL('../peer/graphile-worker.ts', import.meta.url);
const NAME = 'graphile-worker';
/** Connections that add jobs. */
const ADDING = 32;

const Counted = z.tuple([z.object({ results: z.string() })]);

async function inDatabase<Result>(
  database: string,
  work: (query: (sql: string) => Promise<readonly unknown[]>) => Promise<Result>,
): Promise<Result> {
  const { Client } = loadPostgres();
  const client = new Client({ connectionString: database });
  await client.connect();
  const result = await work(async (sql) => (await client.query(sql)).rows);
  await client.end();
  return result;
}

const verify = (database: string, calls: number): Promise<string> =>
  inDatabase(database, async (query) => {
    const [{ results }] = Counted.parse(await query(`SELECT count(DISTINCT n) AS results FROM ${RESULTS}`));
    if (Number(results) !== calls) throw new Error(`graphile-worker did ${results} of ${calls} jobs`);
    return `${calls} rows with results`;
  });

async function startGraphile({ clock, dir }: StartContext): Promise<Contestant> {
  const startedAt = clock.monotonic();
  const { database, ...server } = await startPostgres(clock, dir);
  await inDatabase(database, (query) => query(`CREATE TABLE ${RESULTS} (n bigint PRIMARY KEY)`));
  const worker = await startWorker(WORKER, [database]);
  return {
    name: NAME,
    about: `graphile-worker ${PEER_PACKAGES[NAME]} with PostgreSQL, results in a table of their own, no HTTP before it`,
    readyMs: clock.monotonic() - startedAt,
    pids: [],
    driver: { kind: 'graphile', database, clients: ADDING },
    verify: (calls) => verify(database, calls),
    stop: async () => {
      await worker.stop();
      await server.stop();
    },
  };
}

/** graphile-worker with a PostgreSQL of its own. */
export const graphile: ContestantRow = {
  name: NAME,
  missing: () =>
    missingPackages('graphile-worker', 'pg') ?? (postgresProgram() === null ? 'no PostgreSQL found' : null),
  start: startGraphile,
};
