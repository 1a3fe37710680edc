import { systemClock } from '@xem/runtime';
import { Router } from 'zeromq';
import { ROUTER_OPTIONS } from '../zeromq/socket-options.ts';

/** How long the router reads nothing once the first message is there: more than two heartbeats. */
const BUSY_MS = 2500;
const READ_MS = 300;

const socket = new Router({ ...ROUTER_OPTIONS, curveServer: false, zapEnforceDomain: false });
await socket.bind('tcp://127.0.0.1:0');
process.send?.({ endpoint: socket.lastEndpoint });
await socket.receive();
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS);
systemClock().after(READ_MS, () => {
  process.send?.('alive');
  process.disconnect();
  process.exit(0);
});
for (;;) await socket.receive();
