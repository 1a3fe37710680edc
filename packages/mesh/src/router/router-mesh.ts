import { encodeFrame } from '../wire/frame-codec.ts';
import type { RouterFrame } from '../wire/direction.ts';
import type { RouterSocket, RouterSockets } from '../wire/transport.ts';
import { zeromqNetwork } from '../zeromq/zeromq-network.ts';
import { createConnections, type Connection, type Connections } from './connection.ts';
import type { RouterMesh, RouterMeshOptions, SendOutcome, SessionStats } from './contract.ts';
import { createDataPort } from './data-port.ts';
import { createEnrollPort } from './enroll-port.ts';
import { createGate } from './gate.ts';
import { guardHandlers } from './guard-handlers.ts';
import { createHold } from './hold.ts';
import { MESH_LIMITS } from './limits.ts';
import { refusedFrame, sessionOf, turnAway, type PortContext } from './port.ts';
import { createProber } from './prober.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createViolations } from './violations.ts';

const SWEEP_MS = 1000;
const STOPPING = encodeFrame({ kind: 'goodbye', body: { v: 1, reason: 'the router stops' } });
const TOO_SLOW = refusedFrame({ code: 'hello_timeout', message: 'The handshake took too long.' });

/** Both ports before their sockets are bound: messages can come in before `listen` has returned. */
interface Ports {
  sockets: RouterSockets | null;
  readonly data: PortContext;
  readonly enrollment: PortContext;
}

function createPorts(options: RouterMeshOptions, gone: (connection: Connection) => void): Ports {
  const limits = { ...MESH_LIMITS, ...options.limits };
  const { clock, handlers } = options;
  const gate = createGate({ clock, limits, admits: options.admits });
  const violations = createViolations({ clock, tell: (violation) => handlers.violation(violation) });
  const socketOf = (name: 'data' | 'enrollment') => (): RouterSocket => {
    if (ports.sockets === null) throw new Error('the mesh is not bound yet');
    return ports.sockets[name];
  };
  const failed = (error: unknown): void =>
    handlers.fatal(new Error('a socket of the mesh broke', { cause: error }));
  const connectionsOf = (name: 'data' | 'enrollment'): Connections => {
    const connections = createConnections({
      clock,
      limits,
      failed,
      socket: socketOf(name),
      gone: (connection) => (name === 'data' ? gone(connection) : connections.forget(connection)),
    });
    return connections;
  };
  const common = { options, limits, gate, violations };
  const ports: Ports = {
    sockets: null,
    data: { ...common, connections: connectionsOf('data') },
    enrollment: { ...common, connections: connectionsOf('enrollment') },
  };
  return ports;
}

/** Drops connections that do not get on. One whose hello is with the domain waits for the domain. */
function sweep({ data, enrollment }: Ports): void {
  const { helloMs } = data.limits;
  for (const connection of data.connections.overdue(helloMs)) {
    if (connection.state.step !== 'proving') turnAway(data, connection, TOO_SLOW);
  }
  for (const connection of enrollment.connections.overdue(helloMs)) {
    if (connection.state.step === 'asked') continue;
    enrollment.connections.drop(connection);
    connection.line.end();
  }
}

function sendTo(sessions: Sessions, name: string, frame: RouterFrame): SendOutcome {
  const connection = sessions.get(name);
  return connection === undefined ? 'gone' : connection.line.send(encodeFrame(frame));
}

function statsOf(connection: Connection, sourceAddress: string | null): SessionStats {
  const { bytesIn, badFrames, connectedAt, lastHeardAt, line } = connection;
  const { bytesOut, queuedBytes } = line;
  return { bytesIn, bytesOut, badFrames, queuedBytes, connectedAt, lastHeardAt, sourceAddress };
}

/**
 * Binds both sockets and resolves once agents can connect; the first handler is called a turn of the event loop later,
 * so that the caller can put what is opened in its place. @throws when an endpoint is taken
 */
export async function openRouterMesh(given: RouterMeshOptions): Promise<RouterMesh> {
  const options = { ...given, handlers: guardHandlers(given) };
  const { clock, handlers, network = zeromqNetwork } = options;
  const ports = createPorts(options, (connection) => sessions.end(connection, 'gone'));
  const { gate } = ports.data;
  const sessions = createSessions(ports.data);
  const dataPort = createDataPort(ports.data, sessions);
  const enrollPort = createEnrollPort(ports.enrollment);
  const hold = createHold();
  const prober = createProber({ clock, connections: () => sessions.all() });
  const sockets = await network.listen({
    dataEndpoint: options.dataEndpoint,
    enrollEndpoint: options.enrollEndpoint,
    curve: options.curve,
    admit: (knock) => gate.admit(knock),
    data: { message: hold.until(dataPort.message), disconnected: prober.disconnected },
    enrollment: { message: hold.until(enrollPort.message), disconnected: () => undefined },
    fatal: (error) => handlers.fatal(error),
  });
  ports.sockets = sockets;
  clock.after(0, hold.release);
  const cancelSweep = clock.every(SWEEP_MS, () => sweep(ports));
  const endEach = (): void => {
    for (const connection of sessions.all()) sessions.end(connection, 'stopped', STOPPING);
  };
  return {
    dataEndpoint: sockets.data.endpoint,
    enrollEndpoint: sockets.enrollment.endpoint,
    send: (name, frame) => sendTo(sessions, name, frame),
    close: (name, refusal) => {
      const connection = sessions.get(name);
      if (connection !== undefined) sessions.end(connection, 'closed', encodeFrame(refusedFrame(refusal)));
    },
    blame: (name, reason) => {
      const connection = sessions.get(name);
      if (connection !== undefined) dataPort.blame(connection, reason);
    },
    sessionOf: (agentId) => {
      const connection = sessions.ofAgent(agentId);
      return connection === undefined ? null : sessionOf(connection);
    },
    stats: (name) => {
      const connection = sessions.get(name);
      const session = connection === undefined ? null : sessionOf(connection);
      if (connection === undefined || session === null) return null;
      return statsOf(connection, gate.addressOf(session.curveKey));
    },
    stop: async () => {
      cancelSweep();
      prober.stop();
      endEach();
      await sockets.close();
    },
  };
}
