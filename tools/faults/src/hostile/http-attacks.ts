import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { World } from '../scenario/world.ts';

type Attack = (world: World) => Promise<void>;

function assertThat(holds: boolean, says: string): void {
  if (!holds) throw new Error(says);
}

async function dial({ mesh }: World): Promise<Socket> {
  const socket = connect({ port: mesh.ports.http, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const bearer = ({ mesh }: World): string => mesh.tenants[0].humans[0];

const head = (world: World, ...lines: readonly string[]): string =>
  `${lines[0]} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${bearer(world)}\r\n${lines.slice(1).join('\r\n')}\r\n`;

/** The status of the first answer on a socket; 0 when it was closed without one. */
const statusOn = (socket: Socket): Promise<number> =>
  new Promise((resolve) => {
    socket.once('data', (piece) => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(String(piece))?.[1] ?? 0)));
    socket.once('close', () => resolve(0));
  });

/** Writes, and waits while the line is full. */
async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (!socket.writable || socket.write(bytes)) return;
  await new Promise<void>((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', resolve);
  });
}

const MIB = 1024 * 1024;

/** A body of 100 MiB, with and without a word on its length. */
export const hugeBody: Attack = async (world) => {
  for (const length of ['content-length: 104857600', 'transfer-encoding: chunked']) {
    const socket = await dial(world);
    const status = statusOn(socket);
    socket.write(head(world, 'POST /v1/exec/invocations', 'content-type: application/json', length, ''));
    const piece = Buffer.alloc(MIB, 0x20);
    const sized = length.startsWith('transfer')
      ? Buffer.concat([Buffer.from(`${MIB.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
      : piece;
    for (let sent = 0; sent < 100; sent += 1) await write(socket, sized);
    const answer = await status;
    socket.destroy();
    assertThat(answer === 413 || answer === 0, `a body of 100 MiB was answered ${answer}`);
  }
};

/** Bodies that parsers choke on, and what they must be answered. */
const BODIES: readonly (readonly [name: string, body: string])[] = [
  ['JSON 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['objects 100,000 deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['__proto__', '{"__proto__":{"scopes":["management"]},"workspace_id":"x"}'],
  ['constructor', '{"constructor":{"prototype":{"x":1}}}'],
  ['a lone surrogate', String.raw`{"tool":"\ud800"}`],
  ['a number beyond all', '{"timeout_ms":1e400}'],
  ['half a document', '{"tool":'],
  ['NUL', '\0\0\0\0'],
];

/** JSON that is deep, or means to be more than data. */
export const oddBodies: Attack = async ({ mesh }) => {
  const url = `http://127.0.0.1:${mesh.ports.http}/v1/exec/invocations`;
  const headers = {
    authorization: `Bearer ${mesh.tenants[0].humans[0]}`,
    'content-type': 'application/json',
  };
  for (const [name, body] of BODIES) {
    const { status } = await fetch(url, { method: 'POST', headers, body });
    assertThat(status >= 400 && status < 500, `${name} was answered ${status}`);
  }
};

/** Requests that never end. */
export const slowRequests: Attack = async (world) => {
  const sockets = await Promise.all(Array.from({ length: 200 }, () => dial(world)));
  for (let round = 0; round < 20; round += 1) {
    for (const socket of sockets)
      socket.write(round === 0 ? 'POST /v1/exec/invocations HTTP/1.1\r\n' : `x-${round}: 1\r\n`);
    await world.mesh.clock.sleep(100);
  }
  for (const socket of sockets) socket.destroy();
};

/** Streams that are opened and never read, while everything goes on. */
export const deafStreams: Attack = async (world) => {
  const sockets = await Promise.all(Array.from({ length: 100 }, () => dial(world)));
  for (const socket of sockets) {
    socket.pause();
    socket.write(head(world, 'GET /v1/exec/executions/stream', 'accept: text/event-stream', ''));
  }
  await world.mesh.clock.sleep(3000);
  for (const socket of sockets) socket.destroy();
};

/** Bytes that are no request at all. */
export const noise: Attack = async (world) => {
  for (let round = 0; round < 100; round += 1) {
    const socket = await dial(world);
    socket.write(world.chance.bytes(1 + world.chance.int(4000)));
    socket.end();
  }
};
