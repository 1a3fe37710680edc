import type { ErrorRow } from '../error-row.ts';

/** Refusals of the request as it came in: its form, its size, its route. */
export const requestErrors = {
  invalid_body: {
    surface: 'http',
    http: 400,
    retry: 'never',
    exit: 1,
    says: 'The request is not valid JSON, or does not match the schema it must match.',
    fix: 'Read `param`: it points at the member that failed. Correct it and send the request again.',
  },
  exec_idempotency_conflict: {
    surface: 'http',
    http: 409,
    retry: 'never',
    exit: 8,
    says: 'The idempotency key was used before with another body.',
    fix: 'Take a fresh key, or send the first body again.',
  },
  missing_workspace_id: {
    surface: 'http',
    http: 400,
    retry: 'never',
    exit: 4,
    says: 'The request names no workspace.',
    fix: 'Send `workspace_id`; `workspaces list` shows the ids.',
  },
  invalid_workspace_id: {
    surface: 'http',
    http: 400,
    retry: 'never',
    exit: 4,
    says: 'The workspace id has not the form `ws_` and 8 to 32 hex digits.',
    fix: 'Use the id that `workspaces list` prints; a UUID is not one.',
  },
  payload_too_large: {
    surface: 'http',
    http: 413,
    retry: 'never',
    exit: 1,
    says: 'The body, or the arguments in it, are larger than allowed.',
    fix: 'Send less; the message names the limit.',
  },
  route_not_found: {
    surface: 'http',
    http: 404,
    retry: 'never',
    exit: 4,
    says: 'There is no such route.',
    fix: 'Look the route up in `/docs`.',
  },
  method_not_allowed: {
    surface: 'http',
    http: 405,
    retry: 'never',
    exit: 1,
    says: 'The route does not take this method.',
    fix: 'Use a method of the `Allow` header.',
  },
} as const satisfies Record<string, ErrorRow>;
