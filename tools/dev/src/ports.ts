import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Ports } from './memory.ts';

/** The address every socket of a local mesh listens on. */
export const LOOPBACK = '127.0.0.1';

const DATA_PORT = 5555;
const ENROLL_PORT = 5556;

/** A port that somebody else has and that was asked for by name. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/** What decides the ports: `explicit` when a person chose the base. */
export interface PortWish {
  readonly base: number;
  readonly explicit: boolean;
  readonly remembered: Ports | null;
}

/** Tells whether a port of the loopback address can be taken. */
export async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen({ port, host: LOOPBACK, exclusive: true });
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}

const wishedPorts = (base: number): Ports | null =>
  base === 0 ? null : { http: base, mcp: base + 1, data: DATA_PORT, enroll: ENROLL_PORT };

/**
 * Chooses the ports of a mesh; 0 means that the service takes a free one and says which. First the wished one,
 * then the one of the last start, then any: two meshes that both wish for the default run side by side.
 * @throws PortTaken when the base was chosen by a person and HTTP or MCP cannot have its port
 */
export async function choosePorts(wish: PortWish, isFree = isPortFree): Promise<Readonly<Ports>> {
  const wished = wishedPorts(wish.base);
  const choose = async (name: keyof Ports): Promise<number> => {
    const first = wished?.[name];
    if (first !== undefined && (await isFree(first))) return first;
    if (first !== undefined && wish.explicit && (name === 'http' || name === 'mcp')) {
      throw new PortTaken(`port ${first} is taken; set XEM_DEV_PORT_BASE to another, or to 0 for free ports`);
    }
    const before = wish.remembered?.[name];
    return before !== undefined && before !== first && (await isFree(before)) ? before : 0;
  };
  return {
    http: await choose('http'),
    mcp: await choose('mcp'),
    data: await choose('data'),
    enroll: await choose('enroll'),
  };
}
