import { systemClock } from '@xem/runtime';
import { closedLoop, type Sample } from './closed-loop.ts';
import type { Driver, DriverSpec } from './driver.ts';
import { httpDriver } from './http.ts';
import { LoadOrder } from './message.ts';
import { spawnDriver } from './spawn.ts';

/** The load generator: one process that makes the calls of all contestants, so that its own cost is that of all. */
const clock = systemClock();
const drivers = new Map<string, Driver>();
let number = 0;

async function open(spec: DriverSpec): Promise<Driver> {
  if (spec.kind === 'http') return httpDriver(spec);
  if (spec.kind === 'spawn') return spawnDriver(spec.command);
  if (spec.kind === 'bullmq') return (await import('./bullmq.ts')).bullmqDriver(spec);
  return (await import('./graphile.ts')).graphileDriver(spec);
}

async function obey(order: LoadOrder): Promise<Sample | null> {
  if (order.kind === 'open') {
    drivers.set(order.name, await open(order.driver));
    return null;
  }
  const driver = drivers.get(order.name);
  if (!driver) throw new Error(`nobody opened ${order.name}`);
  const sample = await closedLoop({
    clock,
    clients: order.clients,
    call: () => driver.call((number += 1)),
    goesOn: (begun, elapsedMs) => begun < order.calls && elapsedMs < order.ms,
  });
  driver.rest();
  return sample;
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  obey(LoadOrder.parse(message)).then(
    (sample) => process.send?.({ sample }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
