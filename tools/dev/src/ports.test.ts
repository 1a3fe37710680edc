import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { choosePorts, isPortFree, PortTaken } from './ports.ts';

const before = { http: 40_001, mcp: 40_002, data: 40_003, enroll: 40_004 };
const allBut =
  (...taken: number[]) =>
  async (port: number): Promise<boolean> =>
    !taken.includes(port);

test.each([
  {
    what: 'the base',
    wish: { base: 8787, explicit: false, remembered: null },
    taken: [],
    ports: [8787, 8788, 5555, 5556],
  },
  {
    what: 'another base',
    wish: { base: 9000, explicit: true, remembered: null },
    taken: [],
    ports: [9000, 9001, 5555, 5556],
  },
  {
    what: 'free ports for base 0',
    wish: { base: 0, explicit: true, remembered: null },
    taken: [],
    ports: [0, 0, 0, 0],
  },
  {
    what: 'those of the last start for base 0',
    wish: { base: 0, explicit: true, remembered: before },
    taken: [],
    ports: [40_001, 40_002, 40_003, 40_004],
  },
  {
    what: 'a free port where the last one is taken',
    wish: { base: 0, explicit: true, remembered: before },
    taken: [40_001],
    ports: [0, 40_002, 40_003, 40_004],
  },
  {
    what: 'free ports beside a mesh that has the default ones',
    wish: { base: 8787, explicit: false, remembered: null },
    taken: [8787, 8788, 5555, 5556],
    ports: [0, 0, 0, 0],
  },
  {
    what: 'a free data port beside a mesh of another base',
    wish: { base: 9000, explicit: true, remembered: null },
    taken: [5555, 5556],
    ports: [9000, 9001, 0, 0],
  },
])('choosePorts takes $what', async ({ wish, taken, ports }) => {
  expect(Object.values(await choosePorts(wish, allBut(...taken)))).toEqual(ports);
});

test.each([9000, 9001])('choosePorts refuses a base that a person chose when %i is taken', async (port) => {
  const wish = { base: 9000, explicit: true, remembered: before };
  await expect(choosePorts(wish, allBut(port))).rejects.toThrow(PortTaken);
});

test('isPortFree sees a socket of somebody else', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await isPortFree(port)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await isPortFree(port)).toBe(true);
});
