import type { ErrorCode } from '@xem/errors';
import { invocationMachine, type InvocationEvent } from '@xem/protocol';
import type { InvocationRecord } from '@xem/store';
import { advance } from '../advance.ts';

/** Why an invocation ended otherwise than completed. */
export interface EndCause {
  readonly code: ErrorCode;
  readonly message: string;
}

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
});
