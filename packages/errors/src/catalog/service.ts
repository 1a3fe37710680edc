import type { ErrorRow } from '../error-row.ts';

/** Failures of the mesh or of what stands behind it; most are worth another try. */
export const serviceErrors = {
  tool_executor_unavailable: {
    surface: 'http',
    http: 503,
    retry: 'backoff',
    exit: 75,
    says: 'No agent is online that could run the tool.',
    fix: 'Start or reconnect an agent that publishes the tool, then try again.',
  },
  unavailable: {
    surface: 'http',
    http: 503,
    retry: 'backoff',
    exit: 75,
    says: 'The router cannot take the request now: a part it needs is not ready, or it is draining.',
    fix: 'Try again with growing pauses; if it lasts, look at `/readyz` and the router’s log.',
  },
  workspace_lookup_failed: {
    surface: 'http',
    http: 500,
    retry: 'backoff',
    exit: 75,
    says: 'The store failed while it resolved the workspace.',
    fix: 'Try again with growing pauses; if it lasts, look at the store.',
  },
  retriever_failed: {
    surface: 'http',
    http: 502,
    retry: 'backoff',
    exit: 75,
    says: 'The retrieval backend answered with an error, or not in time.',
    fix: 'Check the backend, then try again.',
  },
  capacity_exceeded: {
    surface: 'http',
    http: 429,
    retry: 'backoff',
    exit: 75,
    says: 'The upstream model is saturated.',
    fix: 'Try again with growing pauses.',
  },
  internal: {
    surface: 'http',
    http: 500,
    retry: 'never',
    exit: 1,
    says: 'The router failed in a way it did not expect.',
    fix: 'Report it with the `X-Request-ID` of the answer.',
  },
} as const satisfies Record<string, ErrorRow>;
