import type { Clock } from '@xem/runtime';
import { seededIds } from '@xem/runtime/testing';
import type {
  DealerSocket,
  DialOptions,
  DownReason,
  Knock,
  ListenOptions,
  MeshNetwork,
  RouterSocket,
  RouterSockets,
} from '../wire/transport.ts';
import {
  carry,
  isFull,
  release,
  sever,
  type MemoryConnection,
  type MemoryFaults,
  type MemoryWorld,
} from './memory-connection.ts';

/** A network in memory that obeys a clock and a seed; connections are named by the agent's CURVE key. */
export interface MemoryNetwork extends MeshNetwork {
  setFaults(faults: Partial<MemoryFaults>): void;
  /** Begins its chances anew. */
  reseed(seed: string): void;
  /** Ends the connections of a key at once, of all without one. */
  cut(curveKey?: string): void;
  /** Lets nothing pass until `heal`; after 4 s both sides take the connection for dead, as heartbeats do. */
  part(curveKey: string): void;
  heal(curveKey: string): void;
  /** The agent of a key stops reading, or reads again. */
  stall(curveKey: string, stalled: boolean): void;
}

interface MemoryNetworkOptions {
  readonly clock: Clock;
  readonly seed: string;
  readonly faults?: Partial<MemoryFaults>;
}

interface Listener {
  readonly socket: Knock['socket'];
  readonly options: ListenOptions;
  readonly connections: Map<string, MemoryConnection>;
  nextId: number;
  deaf: boolean;
}

interface NetworkState extends MemoryWorld {
  readonly listeners: Map<string, Listener>;
  readonly parted: Set<string>;
  nextPort: number;
}

const NO_FAULTS: MemoryFaults = { drop: 0, duplicate: 0, reorder: 0, delayMs: 1, jitterMs: 0 };
const CONNECT_TIMEOUT_MS = 5000;
const SILENCE_MS = 4000;
const SOURCE_ADDRESS = '127.0.0.1';

function routingId(listener: Listener): Buffer {
  const id = Buffer.alloc(5);
  id.writeUInt32BE(listener.nextId, 1);
  listener.nextId += 1;
  return id;
}

function admits({ options, socket }: Listener, curveKey: string): boolean {
  return options.admit({ socket, curveKey, sourceAddress: SOURCE_ADDRESS });
}

/** What stands between an agent and this endpoint, or null. */
function obstacle(state: NetworkState, { endpoint, routerCurveKey, curve }: DialOptions) {
  const listener = state.listeners.get(endpoint);
  if (listener === undefined || state.parted.has(curve.publicKey)) return 'unreachable';
  if (listener.deaf || listener.options.curve.publicKey !== routerCurveKey) return 'disconnected';
  try {
    if (admits(listener, curve.publicKey)) return null;
  } catch (error) {
    listener.deaf = true;
    listener.options.fatal(new Error('the gate broke', { cause: error }));
  }
  return listener.socket === 'data' ? 'auth' : 'disconnected';
}

function connect(state: NetworkState, options: DialOptions): MemoryConnection | null {
  const { endpoint, curve, events } = options;
  const why = obstacle(state, options);
  const listener = state.listeners.get(endpoint);
  if (why !== null || listener === undefined) {
    events.down(why ?? 'unreachable');
    return null;
  }
  const id = routingId(listener);
  const key = id.toString('latin1');
  const { message, disconnected } = listener.options[listener.socket];
  const forget = (): void => {
    listener.connections.delete(key);
    disconnected();
  };
  const connection: MemoryConnection = {
    id,
    curveKey: curve.publicKey,
    agent: events,
    router: { message, disconnected: forget },
    alive: true,
    stalled: false,
    parted: false,
    held: [],
    unread: 0,
    dueAt: { agent: 0, router: 0 },
  };
  listener.connections.set(key, connection);
  return connection;
}

function dial(state: NetworkState, options: DialOptions): DealerSocket {
  let connection: MemoryConnection | null = null;
  let closed = false;
  const early: (() => void)[] = [];
  const waitMs = state.parted.has(options.curve.publicKey) ? CONNECT_TIMEOUT_MS : state.faults.delayMs;
  const events = {
    message: (parts: readonly Uint8Array[]) => closed || options.events.message(parts),
    down: (reason: DownReason) => {
      if (closed) return;
      closed = true;
      options.events.down(reason);
    },
  };
  state.clock.after(waitMs, () => {
    if (closed) return;
    connection = connect(state, { ...options, events });
    for (const send of early) send();
  });
  return {
    send: async (parts) => {
      const send = (): void => {
        if (connection?.alive) carry(state, { connection, side: 'router', parts });
      };
      if (connection === null) early.push(send);
      else send();
      return !closed && (connection?.alive ?? true);
    },
    close: (lingerMs) => {
      if (closed) return;
      closed = true;
      const ending = connection;
      if (ending !== null) state.clock.after(lingerMs > 0 ? state.faults.delayMs : 0, () => sever(ending));
    },
  };
}

function openSocket(state: NetworkState, listener: Listener, wanted: string): RouterSocket {
  const endpoint = wanted.endsWith(':0') ? `${wanted.slice(0, -1)}${state.nextPort++}` : wanted;
  if (state.listeners.has(endpoint)) throw new Error(`${endpoint} is taken`);
  state.listeners.set(endpoint, listener);
  return {
    endpoint,
    send: async (to, parts) => {
      const connection = listener.connections.get(Buffer.from(to).toString('latin1'));
      if (!connection?.alive) return 'gone';
      if (isFull(connection)) return 'full';
      carry(state, { connection, side: 'agent', parts });
      return 'sent';
    },
  };
}

async function listen(state: NetworkState, options: ListenOptions): Promise<RouterSockets> {
  const create = (socket: Knock['socket']): Listener => ({
    socket,
    options,
    connections: new Map(),
    nextId: 1,
    deaf: false,
  });
  const listeners = { data: create('data'), enrollment: create('enrollment') };
  const data = openSocket(state, listeners.data, options.dataEndpoint);
  const enrollment = openSocket(state, listeners.enrollment, options.enrollEndpoint);
  return {
    data,
    enrollment,
    close: async () => {
      state.listeners.delete(data.endpoint);
      state.listeners.delete(enrollment.endpoint);
      const connections = [listeners.data, listeners.enrollment].flatMap((one) =>
        Array.from(one.connections.values()),
      );
      state.clock.after(state.faults.delayMs, () => connections.forEach((connection) => sever(connection)));
    },
  };
}

function connectionsOf({ listeners }: NetworkState, curveKey?: string): MemoryConnection[] {
  const all = Array.from(listeners.values()).flatMap(({ connections }) => Array.from(connections.values()));
  return curveKey === undefined ? all : all.filter((connection) => connection.curveKey === curveKey);
}

/** A network in memory, without faults unless told, whose messages take 1 ms. */
export function memoryNetwork({ clock, seed, faults = {} }: MemoryNetworkOptions): MemoryNetwork {
  const state: NetworkState = {
    clock,
    random: seededIds(clock, `network ${seed}`),
    faults: { ...NO_FAULTS, ...faults },
    listeners: new Map(),
    parted: new Set(),
    nextPort: 20_000,
  };
  return {
    listen: (options) => listen(state, options),
    dial: (options) => dial(state, options),
    setFaults: (changed) => {
      state.faults = { ...state.faults, ...changed };
    },
    reseed: (again) => {
      state.random = seededIds(clock, `network ${again}`);
    },
    cut: (curveKey) => connectionsOf(state, curveKey).forEach((connection) => sever(connection)),
    part: (curveKey) => {
      state.parted.add(curveKey);
      for (const connection of connectionsOf(state, curveKey)) {
        connection.parted = true;
        clock.after(SILENCE_MS, () => connection.parted && sever(connection));
      }
    },
    heal: (curveKey) => {
      state.parted.delete(curveKey);
      for (const connection of connectionsOf(state, curveKey)) {
        connection.parted = false;
        release(connection);
      }
    },
    stall: (curveKey, stalled) => {
      for (const connection of connectionsOf(state, curveKey)) {
        connection.stalled = stalled;
        if (!stalled) release(connection);
      }
    },
  };
}
