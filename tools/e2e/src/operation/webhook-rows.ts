import { once } from 'node:events';
import { createServer } from 'node:http';
import type { OperationId } from '@xem/client';
import { carryOut, type Ground } from '../contract/ground.ts';
import { until } from '../mesh/mesh.ts';
import { PLAIN, type About, type Row } from './row.ts';

/** Nobody answers there, and nobody has to. */
const URL_OF_NOBODY = 'https://hooks.example.invalid/xem';

const hook = ({ idOf }: Ground, url = URL_OF_NOBODY): Promise<string> => idOf('webhook.create', { url });

const hooked: About = async (ground) => ({ webhook: await hook(ground) });

/** Takes whatever is sent, until the ground is left. */
async function openReceiver({ atEnd }: Ground): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    outgoing.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

/** A webhook, and a delivery to it that has come to its end. */
const delivered: About = async (ground) => {
  const webhook = await hook(ground, await openReceiver(ground));
  await ground.idOf('workspace.create', { name: 'an event' });
  let delivery: unknown;
  await until('a delivery', async () => {
    const input = { id: webhook, status: 'delivered' };
    const { body } = await carryOut(ground.mesh, 'webhook.deliveries', { input });
    delivery = Object(Object(Object(body)['data'])[0])['id'];
    return delivery !== undefined;
  });
  return { webhook, delivery: String(delivery) };
};

/** Operations about webhooks. */
export const WEBHOOK_ROWS = {
  'webhook.create': {
    input: () => ({ url: URL_OF_NOBODY, events: ['exec.completed'], description: 'a hook' }),
  },
  'webhook.delete': { about: hooked },
  'webhook.deliveries': { about: hooked },
  'webhook.get': { about: hooked },
  'webhook.list': PLAIN,
  'webhook.redeliver': { about: delivered },
  'webhook.rotate_secret': { about: hooked },
  'webhook.test': { about: hooked },
  'webhook.update': { input: () => ({ enabled: false }), about: hooked },
} as const satisfies Partial<Record<OperationId, Row>>;
