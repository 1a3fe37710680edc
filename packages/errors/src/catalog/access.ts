import type { ErrorRow } from '../error-row.ts';

/** Refusals of the caller: identity, scope, project, credit and rate. */
export const accessErrors = {
  project_mismatch: {
    surface: 'http',
    http: 403,
    retry: 'never',
    exit: 1,
    says: 'The request joins things of two projects.',
    fix: 'Use a key and ids of one project.',
  },
  authentication_required: {
    surface: 'http',
    http: 401,
    retry: 'never',
    exit: 5,
    says: 'The request carries no key that is known and valid.',
    fix: 'Send `Authorization: Bearer <key>` with a key that is neither expired nor revoked.',
  },
  scope_insufficient: {
    surface: 'http',
    http: 403,
    retry: 'never',
    exit: 5,
    says: 'The key lacks the scope of the route.',
    fix: 'Use a key that has the scope named in the message.',
  },
  cross_project_access: {
    surface: 'http',
    http: 403,
    retry: 'never',
    exit: 5,
    says: 'The path names another project than that of the key.',
    fix: 'Use a key of the project in the path.',
  },
  insufficient_quota: {
    surface: 'http',
    http: 402,
    retry: 'after_top_up',
    exit: 1,
    says: 'The project has no credit left.',
    fix: 'Top up the project’s credit.',
  },
  billing_delinquent: {
    surface: 'http',
    http: 402,
    retry: 'never',
    exit: 1,
    says: 'The project has an unpaid balance.',
    fix: 'Settle the balance of the project.',
  },
  rate_limit_exceeded: {
    surface: 'http',
    http: 429,
    retry: 'backoff',
    exit: 75,
    says: 'The key, or its plan, sent more requests than it may.',
    fix: 'Wait as long as `Retry-After` says.',
  },
  endpoint_restricted: {
    surface: 'http',
    http: 403,
    retry: 'never',
    exit: 5,
    says: 'The key may not use this endpoint, or not from this address.',
    fix: 'Use an endpoint the key is pinned to, or change its pins or its address filter.',
  },
} as const satisfies Record<string, ErrorRow>;
