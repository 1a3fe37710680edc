import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '@xem/runtime';

/** Which way bytes go: `up` from who dialled to who listens. */
export type Direction = 'up' | 'down';

const BOTH: readonly Direction[] = ['up', 'down'];

/** A line that can be made to fail. What is done to it holds for connections that come later, too, until `heal`. */
export interface TcpProxy {
  readonly port: number;
  /** Where it leads; may change while it runs. */
  aim(port: number): void;
  /** Nothing gets through, and nobody is told: bytes wait as they would on a cut cable. */
  hold(...directions: Direction[]): void;
  /** Every piece comes so much later. */
  delay(ms: number): void;
  /** The next connection ends after so many bytes in a direction. */
  cutAfter(bytes: number, direction: Direction): void;
  /** One end of each connection goes, and the other is not told. */
  halfOpen(gone: Direction): void;
  /** Every connection is reset. */
  reset(): void;
  /** Bytes flow again; those that waited come late. */
  heal(): void;
  /** How many connections came. */
  connections(): number;
  close(): Promise<void>;
}

interface Link {
  readonly near: Socket;
  readonly far: Socket;
}

interface Weather {
  readonly held: Set<Direction>;
  delayMs: number;
  cut: { left: number; direction: Direction } | null;
}

const endsOf = ({ near, far }: Link, direction: Direction): readonly [Socket, Socket] =>
  direction === 'up' ? [near, far] : [far, near];

function obey(link: Link, { held }: Weather): void {
  for (const direction of BOTH) {
    const [source] = endsOf(link, direction);
    if (held.has(direction)) source.pause();
    else source.resume();
  }
}

function destroy({ near, far }: Link): void {
  near.destroy();
  far.destroy();
}

/** Counts down to a cut; what is beyond it is not sent. */
function uncut(weather: Weather, direction: Direction, piece: Buffer): Buffer {
  if (weather.cut?.direction !== direction) return piece;
  const sent = piece.subarray(0, weather.cut.left);
  weather.cut.left -= sent.length;
  return sent;
}

interface Carrying {
  readonly clock: Clock;
  readonly weather: Weather;
  readonly link: Link;
}

function carry({ clock, weather, link }: Carrying, direction: Direction): void {
  const [source, target] = endsOf(link, direction);
  const write = (piece: Buffer): void => {
    if (target.destroyed || target.write(piece)) return;
    source.pause();
    target.once('drain', () => {
      if (!weather.held.has(direction)) source.resume();
    });
  };
  source.on('data', (piece: Buffer) => {
    const sent = uncut(weather, direction, piece);
    if (weather.delayMs > 0) clock.after(weather.delayMs, () => write(sent));
    else write(sent);
    if (weather.cut?.left !== 0) return;
    weather.cut = null;
    destroy(link);
  });
}

/** All that is open, and the weather over it. */
interface Lines {
  readonly clock: Clock;
  readonly links: Set<Link>;
  /** Ends whose other end went without a word. */
  readonly halves: Set<Socket>;
  readonly weather: Weather;
}

function join({ clock, links, weather }: Lines, near: Socket, port: number): void {
  const far = connect({ port, host: '127.0.0.1' });
  const link: Link = { near, far };
  links.add(link);
  const over = (): void => {
    if (links.delete(link)) destroy(link);
  };
  for (const socket of [near, far]) socket.setNoDelay(true).on('error', over).on('close', over);
  for (const direction of BOTH) carry({ clock, weather, link }, direction);
  obey(link, weather);
}

function leaveHalves({ links, halves }: Lines, gone: Direction): void {
  for (const link of links) {
    links.delete(link);
    const [dead, alive] = gone === 'up' ? [link.near, link.far] : [link.far, link.near];
    dead.destroy();
    alive.pause();
    halves.add(alive);
  }
}

function dropHalves({ halves }: Lines): void {
  for (const socket of halves) socket.destroy();
  halves.clear();
}

function calm(lines: Lines): void {
  lines.weather.held.clear();
  lines.weather.delayMs = 0;
  lines.weather.cut = null;
  dropHalves(lines);
}

/** Takes a free port of the loopback address. */
async function listen(onConnection: (near: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** Opens a line on a free port of the loopback address. */
export async function openTcpProxy(clock: Clock, toPort = 0): Promise<TcpProxy> {
  const target = { port: toPort, connections: 0 };
  const weather: Weather = { held: new Set(), delayMs: 0, cut: null };
  const lines: Lines = { clock, links: new Set(), halves: new Set(), weather };
  const { links } = lines;
  const obeyAll = (): void => {
    for (const link of links) obey(link, weather);
  };
  const { server, port } = await listen((near) => {
    target.connections += 1;
    join(lines, near, target.port);
  });
  return {
    port,
    aim: (to) => void (target.port = to),
    hold: (...directions) => {
      for (const direction of directions.length > 0 ? directions : BOTH) weather.held.add(direction);
      obeyAll();
    },
    delay: (ms) => void (weather.delayMs = ms),
    cutAfter: (left, direction) => void (weather.cut = { left, direction }),
    halfOpen: (gone) => leaveHalves(lines, gone),
    reset: () => {
      for (const { near, far } of links) {
        near.resetAndDestroy();
        far.resetAndDestroy();
      }
    },
    heal: () => {
      calm(lines);
      obeyAll();
    },
    connections: () => target.connections,
    close: async () => {
      dropHalves(lines);
      for (const link of links) destroy(link);
      server.close();
      await once(server, 'close');
    },
  };
}
