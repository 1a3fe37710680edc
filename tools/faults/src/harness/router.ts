import { join } from 'node:path';
import { z } from 'zod';
import { COMPILE_CACHE, PROGRAMS } from './place.ts';
import { startProgram, type Program } from './program.ts';

const Ready = z.object({ http_url: z.string(), data_endpoint: z.string(), enroll_endpoint: z.string() });

/** Ports of a router; 0 takes a free one. */
export interface Ports {
  readonly http: number;
  readonly data: number;
  readonly enroll: number;
}

/** Settings that make everything happen within seconds: leases of 3 s, lost agents given up after 3 s more. Webhooks may reach us. */
const FAST = {
  XEM_LEASE_RENEWAL_INTERVAL_MS: '1000',
  XEM_LOST_GRACE_MS: '3000',
  XEM_QUEUE_TIMEOUT_MS: '30000',
  XEM_WEBHOOK_ALLOWED_HOSTS: '127.0.0.0/8',
};

const portOf = (address: string): number => Number(new URL(address).port);

/** Environment of what we start: nothing of ours that the caller happens to have set. */
export const cleanEnv = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:XEM|XEROTIER)_/.test(name))),
  NODE_COMPILE_CACHE: COMPILE_CACHE,
  XEM_LOG_LEVEL: 'warn',
});

/** A router that was started. */
export interface StartedRouter {
  readonly program: Program;
  /** The ports it took. Rejects with its last words when it ends before it is ready. */
  readonly ports: Promise<Ports>;
}

/** Starts the router over a data folder. */
export function startRouter(
  dir: string,
  { ports, env = {} }: { readonly ports: Ports; readonly env?: NodeJS.ProcessEnv },
): StartedRouter {
  const program = startProgram({
    entry: PROGRAMS.router,
    logPath: join(dir, 'router.log'),
    env: {
      ...cleanEnv(),
      ...FAST,
      XEM_DATA_DIR: join(dir, 'router'),
      XEM_HTTP_HOST: '127.0.0.1',
      XEM_HTTP_PORT: `${ports.http}`,
      XEM_MESH_HOST: '127.0.0.1',
      XEM_DATA_PORT: `${ports.data}`,
      XEM_ENROLL_PORT: `${ports.enroll}`,
      ...env,
    },
  });
  const taken = program.ready.then((message): Ports => {
    const { http_url, data_endpoint, enroll_endpoint } = Ready.parse(message);
    return { http: portOf(http_url), data: portOf(data_endpoint), enroll: portOf(enroll_endpoint) };
  });
  taken.catch(() => undefined);
  return { program, ports: taken };
}
