import { join } from 'node:path';
import type { Chains } from '@xem/domain';
import { readSecret, signerFromSeed } from '@xem/mesh';
import { silentLog } from '@xem/runtime';
import type { Reader } from '@xem/store';
import { headsPath } from '../../heads/head-file.ts';
import { loadChains } from '../../heads/load-chains.ts';
import { SIGNING_KEY_FILE } from '../../keys.ts';
import { firstBadEntry } from '../chain.ts';
import { fail, ok, skip, warn, type Check, type Patient } from './finding.ts';

/** The database has what this version expects. */
export const schema: Check = ({ store }) => {
  if (!store) return [skip('schema', 'there is no database yet')];
  const { known, pending, isNewer } = store.schema;
  if (isNewer) return [fail('schema', 'a newer version wrote the database; this one does not touch it')];
  if (pending > 0)
    return [warn('schema', `${pending} of ${known} migrations are needed: xem-router migrate`)];
  return [ok('schema', `all ${known} migrations were made`)];
};

/** The file is whole, and no row names another that is not there. */
export const integrity: Check = ({ store }) => {
  if (!store) return [];
  const faults = store.faults();
  if (faults.length > 0) return faults.map((fault) => fail('integrity', fault));
  const dangling = store.danglingRows();
  if (dangling > 0) return [fail('integrity', `${dangling} rows name others that are not there`)];
  return [ok('integrity', 'the database is whole')];
};

/** What the signed heads say of the chains; a router that never ran has signed none. */
async function signedChains({ settings }: Patient, read: Reader): Promise<Chains | null> {
  const seed = readSecret(join(settings.data_dir, SIGNING_KEY_FILE));
  if (seed === null) return null;
  const { publicKey: signingKey } = signerFromSeed(seed);
  return loadChains({ path: headsPath(settings), store: { read }, signingKey, log: silentLog });
}

/** The journal of every project holds from its beginning to its head, and has what was signed of it. */
export const journal: Check = async (patient) => {
  const read = patient.store?.read;
  if (!read) return [skip('journal', 'the database is not of this version')];
  const chains = await signedChains(patient, read);
  const projects = await read.access.projects();
  const found = await Promise.all(
    projects.map(async ({ id, slug }) => {
      const bad = await firstBadEntry(read, id);
      if (bad !== null) return fail('journal', `the chain of ${slug} (${id}) is broken at entry ${bad}`);
      const doubt = chains?.doubt(id) ?? null;
      if (doubt !== null)
        return fail(
          'journal',
          `the chain of ${slug} (${id}) is not as it was signed, from entry ${doubt} on`,
        );
      const { seq } = await read.journal.head(id);
      return ok('journal', `the chain of ${slug} holds, ${seq} entries`);
    }),
  );
  return found.length > 0
    ? found
    : [warn('journal', 'there is no project yet: xem-router admin create-human')];
};

const SKEW_MS = 60_000;
const SANE_SINCE = Date.UTC(2026, 0, 1);

/** The clock does not stand before what was written by it. */
export const clock: Check = async ({ store, ambient }) => {
  const now = ambient.clock.now();
  if (now < SANE_SINCE) return [fail('clock', `it is ${new Date(now).toISOString()}: set the clock`)];
  const projects = (await store?.read?.access.projects()) ?? [];
  let latest = 0;
  for (const { id } of projects) {
    const [entry] = (await store?.read?.journal.list(id, {}, { limit: 1 })) ?? [];
    latest = Math.max(latest, entry ? Date.parse(entry.at) : 0);
  }
  const aheadMs = latest - now;
  if (aheadMs > SKEW_MS)
    return [fail('clock', `the last entry is ${Math.round(aheadMs / 1000)} s ahead: the clock was set back`)];
  return [ok('clock', 'not before what the journal last heard')];
};
