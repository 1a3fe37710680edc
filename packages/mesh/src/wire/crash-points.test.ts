import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { memoryNetwork } from '../testing/memory-network.ts';
import { agentIdentity } from '../testing/agent-identity.ts';
import { crashingNetwork } from './crash-points.ts';

test('crashingNetwork passes a point before a frame goes out, and one when it is on its way', async () => {
  const clock = virtualClock();
  const places: string[] = [];
  const crash = { reach: (place: string) => void places.push(place) };
  const network = crashingNetwork(crash, clock, memoryNetwork({ clock, seed: 'crash' }));
  const [router, agent] = [agentIdentity('router'), agentIdentity('a')];
  const heard: string[] = [];
  const quiet = { message: () => undefined, disconnected: () => undefined };
  const sockets = await network.listen({
    dataEndpoint: 'tcp://127.0.0.1:0',
    enrollEndpoint: 'tcp://127.0.0.1:0',
    curve: router.curve,
    admit: () => true,
    data: { ...quiet, message: (_, parts) => void heard.push(String(Buffer.from(parts[0] ?? []))) },
    enrollment: quiet,
    fatal: () => undefined,
  });
  const line = network.dial({
    endpoint: sockets.data.endpoint,
    routerCurveKey: router.curve.publicKey,
    curve: agent.curve,
    events: { message: () => undefined, down: () => undefined },
  });
  const sent = line.send([Buffer.from('connect')]);
  expect(places).toEqual(['before-send:connect']);
  await clock.advance(100);
  await sent;
  await clock.advance(100);
  expect([places, heard]).toEqual([['before-send:connect', 'after-send:connect'], ['connect']]);
  line.close(0);
  await sockets.close();
});
