import { loadGraphile, Numbered, RESULTS } from './graphile.ts';

const CONCURRENCY = 32;
const KEEP_AND_TELL = `WITH kept AS (INSERT INTO ${RESULTS} (n) VALUES ($1) RETURNING n)
  SELECT pg_notify('${RESULTS}', n::text) FROM kept`;

/** Keeps the number of each job as its result and tells it. The first argument is the database. */
const { run, Logger } = loadGraphile();
await run({
  connectionString: process.argv[2] ?? '',
  concurrency: CONCURRENCY,
  maxPoolSize: CONCURRENCY + 2,
  noHandleSignals: true,
  logger: new Logger(() => () => undefined),
  taskList: {
    noop: async (payload, helpers) => {
      await helpers.query(KEEP_AND_TELL, [Numbered.parse(payload).n]);
    },
  },
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
