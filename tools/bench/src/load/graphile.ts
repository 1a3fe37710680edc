import { loadGraphile, loadPostgres, RESULTS } from '../peer/graphile.ts';
import type { Driver, GraphileDriver } from './driver.ts';

/** Adds jobs, and hears of the result of each as a notification of the transaction that kept it. */
export async function graphileDriver({ database, clients }: GraphileDriver): Promise<Driver> {
  const { makeWorkerUtils, Logger } = loadGraphile();
  const { Client } = loadPostgres();
  const utils = await makeWorkerUtils({
    connectionString: database,
    maxPoolSize: clients,
    logger: new Logger(() => () => undefined),
  });
  const waiting = new Map<string, () => void>();
  const listener = new Client({ connectionString: database });
  await listener.connect();
  listener.on('notification', ({ payload = '' }) => waiting.get(payload)?.());
  await listener.query(`LISTEN ${RESULTS}`);
  return {
    call: async (n) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(String(n), resolve);
      await Promise.all([promise, utils.addJob('noop', { n })]);
      waiting.delete(String(n));
    },
    rest: () => undefined,
  };
}
