import { createServer } from 'node:net';
import { isLoopback } from '../../loopback.ts';
import type { RouterSettings } from '../../settings.ts';
import { fail, ok, skip, warn, type Check, type Finding } from './finding.ts';

/** Why an address cannot be listened on; null when it can. */
const obstacleTo = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (err: NodeJS.ErrnoException) => resolve(err.code ?? err.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });

const portsOf = (settings: RouterSettings): readonly (readonly [string, string, number | undefined])[] => [
  ['http_port', settings.http_host, settings.http_port],
  ['data_port', settings.mesh_host, settings.data_port],
  ['enroll_port', settings.mesh_host, settings.enroll_port],
  ['metrics_port', settings.metrics_host, settings.metrics_port],
];

/** What a router would listen on is free. */
export const ports: Check = async ({ settings, isRunning }) => {
  if (isRunning) return [skip('ports', 'they are the running router’s')];
  const taken: Finding[] = [];
  for (const [name, host, port] of portsOf(settings)) {
    const obstacle = port ? await obstacleTo(host, port) : null;
    if (obstacle !== null)
      taken.push(fail('ports', `${name}: ${host}:${port} cannot be taken (${obstacle})`));
  }
  return taken.length > 0 ? taken : [ok('ports', 'what the settings name is free')];
};

/** Others are told addresses that lead here. */
export const addresses: Check = ({ settings }) => {
  const found: Finding[] = [];
  if (!isLoopback(settings.mesh_host) && isLoopback(settings.mesh_public_host))
    found.push(
      warn(
        'addresses',
        'mesh_public_host is this machine’s own: join keys lead agents of other hosts nowhere',
      ),
    );
  if (settings.public_url === undefined)
    found.push(
      warn('addresses', 'public_url is not set: links to approvals lead to this machine’s own address'),
    );
  if (!isLoopback(settings.metrics_host) && settings.metrics_port !== undefined)
    found.push(warn('addresses', 'metrics_host is open to others, and the metrics ask for no key'));
  return found.length > 0
    ? found
    : [ok('addresses', 'what others are told leads elsewhere than to themselves')];
};
