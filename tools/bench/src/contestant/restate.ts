import { join } from 'node:path';
import { z } from 'zod';
import { missingPackages, PEER_PACKAGES, peerFile } from '../peer/folder.ts';
import { freePort } from '../peer/free-port.ts';
import { answersOk, startServer } from '../peer/server.ts';
import { startWorker } from '../peer/worker.ts';
import type { Contestant, ContestantRow, StartContext } from './contestant.ts';

const NAME = 'restate';
const VERSION = PEER_PACKAGES['@restatedev/restate-server'];
const BINARY = `@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`;
const DONE = `SELECT count(*) AS done FROM sys_invocation
  WHERE target_service_name = 'bench' AND status = 'completed' AND completion_result = 'success'`;

const Done = z.object({ rows: z.tuple([z.object({ done: z.int() })]) });

const WORKER = new URL('../peer/restate-worker.ts', import.meta.url);
interface Ports {
  readonly node: number;
  readonly ingress: number;
  readonly admin: number;
  readonly service: number;
}

async function ask(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const environment = ({ node, ingress, admin }: Ports, dir: string): NodeJS.ProcessEnv => ({
  ...process.env,
  // It leaves folders behind there.
  TMPDIR: dir,
  RESTATE_LISTEN_MODE: 'tcp',
  RESTATE_BIND_IP: '127.0.0.1',
  RESTATE_BIND_PORT: String(node),
  RESTATE_INGRESS__BIND_PORT: String(ingress),
  RESTATE_ADMIN__BIND_PORT: String(admin),
  RESTATE_DISABLE_TELEMETRY: 'true',
  RESTATE_LOG_FILTER: 'error',
});

const choosePorts = async (): Promise<Ports> => ({
  node: await freePort(),
  ingress: await freePort(),
  admin: await freePort(),
  service: await freePort(),
});

async function verify(admin: string, calls: number): Promise<string> {
  const { rows } = Done.parse(await ask(`${admin}/query`, { query: DONE }));
  if (rows[0].done !== calls) throw new Error(`restate did ${rows[0].done} of ${calls} calls`);
  return `${calls} invocations completed`;
}

async function startRestate({ clock, dir }: StartContext): Promise<Contestant> {
  const ports = await choosePorts();
  const [ingress, admin] = [ports.ingress, ports.admin].map((port) => `http://127.0.0.1:${port}`);
  const startedAt = clock.monotonic();
  const [worker, server] = await Promise.all([
    startWorker(WORKER, [String(ports.service)]),
    startServer({
      clock,
      program: peerFile(BINARY) ?? '',
      args: ['--base-dir', join(dir, 'data'), '--no-logo'],
      options: { env: environment(ports, dir) },
      log: join(dir, 'log'),
      isReady: async () =>
        (await answersOk(`${ingress}/restate/health`)) && (await answersOk(`${admin}/health`)),
    }),
  ]);
  await ask(`${admin}/deployments`, { uri: `http://127.0.0.1:${ports.service}` });
  return {
    name: NAME,
    about: `Restate ${VERSION} with its defaults: a call of a durable handler through the ingress`,
    readyMs: clock.monotonic() - startedAt,
    pids: [server.pid, worker.pid],
    driver: {
      kind: 'http',
      url: `${ingress}/bench/noop`,
      headers: { 'content-type': 'application/json' },
      body: ['{"n":', '}'],
      expects: ['{"n":', '}'],
      keyHeader: null,
    },
    verify: (calls) => verify(admin ?? '', calls),
    stop: async () => {
      await server.stop();
      await worker.stop();
    },
  };
}

/** Restate, whose server comes as a binary in a package. */
export const restate: ContestantRow = {
  name: NAME,
  missing: () =>
    missingPackages('@restatedev/restate-sdk') ??
    (peerFile(BINARY) === null ? `no server for ${process.platform} ${process.arch}` : null),
  start: startRestate,
};
