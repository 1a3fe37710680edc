import type { RouterMeshHandlers, RouterMeshOptions } from './contract.ts';

/** The same handlers, except that one that throws is logged: it is no reason for a socket to stop listening. */
export function guardHandlers({ handlers, log }: RouterMeshOptions): RouterMeshHandlers {
  const safely = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      log.error('mesh.handler_failed', { err: error });
    }
  };
  return {
    enroll: async (request) => handlers.enroll(request),
    agentKeys: async (agentId) => handlers.agentKeys(agentId),
    welcome: async (received) => handlers.welcome(received),
    opened: (session) => safely(() => handlers.opened(session)),
    frame: (session, frame) => safely(() => handlers.frame(session, frame)),
    closed: (session, end) => safely(() => handlers.closed(session, end)),
    violation: (violation) => safely(() => handlers.violation(violation)),
    fatal: (error) => safely(() => handlers.fatal(error)),
  };
}
