import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '@xem/runtime';
import { loadPostgres } from './graphile.ts';
import { findProgram } from './program.ts';
import { startServer, type Server } from './server.ts';

/** Debian keeps the programs of the server here and not on PATH. */
const ELSEWHERE = '/usr/lib/postgresql/*/bin';
/** Nobody: PostgreSQL does not run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** The server's program, or null where there is none. */
export const postgresProgram = (): string | null =>
  findProgram('postgres', process.env['PATH'] ?? '', ELSEWHERE);

const isUp = async ({ Client }: ReturnType<typeof loadPostgres>, database: string): Promise<boolean> => {
  const client = new Client({ connectionString: database });
  await client.connect();
  await client.end();
  return true;
};

/** Starts a PostgreSQL with its defaults, which flush with each commit, in a folder below this one and without a port. */
export async function startPostgres(
  clock: Clock,
  dir: string,
): Promise<Server & { readonly database: string }> {
  const program = postgresProgram() ?? '';
  const postgres = loadPostgres();
  const data = join(dir, 'data');
  mkdirSync(data, { mode: 0o700 });
  const identity = process.getuid?.() === 0 ? NOBODY : {};
  for (const folder of identity === NOBODY ? [dir, data] : []) chownSync(folder, NOBODY.uid, NOBODY.gid);
  if (identity === NOBODY) chmodSync(dirname(dir), 0o711);
  const options = { ...identity, cwd: dir };
  const initdb = ['-D', data, '-U', 'xem', '-A', 'trust', '--locale=C.UTF-8'];
  execFileSync(join(dirname(program), 'initdb'), initdb, { ...options, stdio: 'ignore' });
  const database = `postgres://xem@localhost/postgres?host=${encodeURIComponent(dir)}`;
  const server = await startServer({
    clock,
    program,
    args: ['-D', data, '-k', dir, '-c', 'listen_addresses=', '-c', 'max_connections=200'],
    options,
    log: join(dir, 'log'),
    isReady: () => isUp(postgres, database),
  });
  return { ...server, database };
}
