import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { until } from '../mesh/mesh.ts';
import { carryOut, type Ground } from './ground.ts';
import type { Recipe } from './recipes.ts';

/** Nobody answers there, and nobody has to. */
const URL_OF_NOBODY = 'https://hooks.example.invalid/xem';

const hook = ({ idOf }: Ground, url = URL_OF_NOBODY): Promise<string> => idOf('webhook.create', { url });

const ofHook =
  (more: Readonly<Record<string, unknown>> = {}): Recipe =>
  async (ground) => ({ id: await hook(ground), ...more });

/** Takes whatever is sent, until the test is over. */
async function openReceiver(): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    outgoing.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

/** A webhook, and a delivery to it that has come to its end. */
const delivered: Recipe = async (ground) => {
  const id = await hook(ground, await openReceiver());
  await ground.idOf('workspace.create', { name: 'an event' });
  let delivery: Readonly<Record<string, unknown>> = {};
  await until('a delivery', async () => {
    const { body } = await carryOut(ground.mesh, 'webhook.deliveries', {
      input: { id, status: 'delivered' },
    });
    delivery = Object(Object(Object(body)['data'])[0]);
    return delivery['id'] !== undefined;
  });
  return { id, delivery_id: delivery['id'] };
};

/** How the operations about webhooks are asked so that they answer. */
export const WEBHOOK_RECIPES: Readonly<Record<string, Recipe>> = {
  'webhook.list': () => ({ limit: 1 }),
  'webhook.create': () => ({ url: URL_OF_NOBODY, events: ['exec.completed'], description: 'a hook' }),
  'webhook.get': ofHook(),
  'webhook.update': ofHook({ enabled: false }),
  'webhook.rotate_secret': ofHook(),
  'webhook.test': ofHook(),
  'webhook.deliveries': ofHook(),
  'webhook.redeliver': delivered,
  'webhook.delete': ofHook(),
};
