import type { AgentId } from '@xem/protocol';
import { encodeFrame } from '../wire/frame-codec.ts';
import type { Parts } from '../wire/transport.ts';
import type { Connection } from './connection.ts';
import type { MeshSession, SessionEnd } from './contract.ts';
import { sessionOf, type PortContext } from './port.ts';

/** The open sessions: at most one per agent. */
export interface Sessions {
  /** Opens a session; the welcome goes out before anything else on it. */
  open(connection: Connection, session: MeshSession, welcome: Parts): void;
  /** Ends the session of a connection, if it has one, and drops the connection. */
  end(connection: Connection, end: SessionEnd, last?: Parts): void;
  get(name: string): Connection | undefined;
  ofAgent(agentId: AgentId): Connection | undefined;
  all(): Iterable<Connection>;
}

const replaced = encodeFrame({
  kind: 'refused',
  body: { v: 1, code: 'session_replaced', message: 'A newer session of this agent is open.' },
});

/** No sessions yet. */
export function createSessions(ctx: PortContext): Sessions {
  const { handlers } = ctx.options;
  const byName = new Map<string, Connection>();
  const byAgent = new Map<AgentId, Connection>();
  const end = (connection: Connection, why: SessionEnd, last?: Parts): void => {
    const session = sessionOf(connection);
    ctx.connections.drop(connection);
    connection.line.end(last);
    if (session === null || !byName.delete(session.name)) return;
    if (byAgent.get(session.agentId) === connection) byAgent.delete(session.agentId);
    ctx.violations.forget(session);
    handlers.closed(session, why);
  };
  return {
    open: (connection, session, welcome) => {
      const older = byAgent.get(session.agentId);
      if (older !== undefined) end(older, 'replaced', replaced);
      connection.state = { step: 'open', session };
      ctx.connections.promote(connection);
      byName.set(session.name, connection);
      byAgent.set(session.agentId, connection);
      connection.line.send(welcome);
      handlers.opened(session);
    },
    end,
    get: (name) => byName.get(name),
    ofAgent: (agentId) => byAgent.get(agentId),
    all: () => byName.values(),
  };
}
