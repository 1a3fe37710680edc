import type { ErrorCode } from '@xem/errors';
import { invocationMachine, type InvocationEvent } from '@xem/protocol';
import type { InvocationRecord } from '@xem/store';
import { advance } from '../advance.ts';

/** Why an invocation ended otherwise than completed. */
export interface EndCause {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a cancelled call says of which it is known that no agent began with it. */
export const NEVER_RAN: EndCause = { code: 'cancelled', message: 'cancelled before it ran' };

/** An invocation brought to its end by an event: no deadline any more, and the cause if there is one. */
export const endBy = (
  row: InvocationRecord,
  event: InvocationEvent,
  { now, cause = null }: { readonly now: number; readonly cause?: EndCause | null },
): InvocationRecord => ({
  ...advance(invocationMachine, row, event),
  error: cause,
  endedAt: now,
  deadlineAt: null,
  heldAt: null,
  heldRemainingMs: null,
});
