import { findConnection } from '../../config/connection.ts';
import { EXIT } from '../../exit.ts';
import type { Io } from '../../io.ts';
import { command } from '../command.ts';

/** `EX_TEMPFAIL` of sysexits.h: ask again later. */
const EXIT_NOT_READY = 75;
const PATIENCE_MS = 10_000;

/** What a router says of itself; `parts` is empty when it does not answer. */
interface Health {
  readonly router: string;
  readonly alive: boolean;
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, boolean>>;
}

/** Null when nobody answers in time. */
async function ask(io: Io, url: string): Promise<Response | null> {
  const patience = new AbortController();
  const cancel = io.clock.after(PATIENCE_MS, () => patience.abort());
  try {
    return await (io.fetch ?? fetch)(url, { signal: patience.signal });
  } catch {
    return null;
  } finally {
    cancel();
  }
}

async function partsOf(answer: Response | null): Promise<Health['parts']> {
  const body: unknown = await answer?.json().catch(() => null);
  const parts = typeof body === 'object' && body && 'parts' in body ? body.parts : null;
  const told = typeof parts === 'object' && parts ? Object.entries(parts) : [];
  return Object.fromEntries(told.filter((part): part is [string, boolean] => typeof part[1] === 'boolean'));
}

async function look(io: Io, router: string): Promise<Health> {
  const alive = (await ask(io, `${router}/healthz`))?.status === 200;
  const readiness = alive ? await ask(io, `${router}/readyz`) : null;
  return { router, alive, ready: readiness?.status === 200, parts: await partsOf(readiness) };
}

export const health = command({
  about: 'Needs no key. Ends with 0 when the router is ready, with 75 when it is not or does not answer.',
  run: async ({ io, flags, print }) => {
    const { baseUrl } = await findConnection(flags, io.env);
    const found = await look(io, baseUrl.replace(/\/$/, ''));
    await print.object(found, { first: ['router', 'alive', 'ready'] });
    return found.ready ? EXIT.ok : EXIT_NOT_READY;
  },
});
