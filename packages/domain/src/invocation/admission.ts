import type { createInvocation, ExecutionId, Invocation, InvocationPlan, ParsedInputOf } from '@xem/protocol';
import type { PolicyRecord } from '@xem/store';
import type { KeyedRequest } from '../idempotency/known-use.ts';
import type { CanonicalArgs } from './check-args.ts';
import type { Target } from './target.ts';

/** What became of a request for a call. A replay answers the invocation as it is now. */
export type Admission =
  | { readonly kind: 'created' | 'replayed'; readonly body: Invocation }
  | { readonly kind: 'planned'; readonly body: InvocationPlan };

/** What is asked for. */
export type CallRequest = Omit<ParsedInputOf<typeof createInvocation>, 'project_id' | 'dry_run'>;

/** How a call came to be asked for, beside what is asked. */
export interface Admitting extends KeyedRequest {
  readonly rerunOf: ExecutionId | null;
}

/** A call that passed every check but the human's. */
export interface CheckedCall {
  readonly request: CallRequest;
  readonly target: Target;
  readonly canonical: CanonicalArgs;
  readonly policy: PolicyRecord;
}
