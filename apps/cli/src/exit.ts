import type { ClientError } from '@xem/client';
import type { Invocation } from '@xem/protocol';

/** What the command ends with where no code of the catalogue says it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  deadline: 6,
  interrupted: 130,
} as const;

const EXIT_OF_STATUS: Readonly<Record<string, number>> = {
  completed: EXIT.ok,
  failed: EXIT.failed,
  rejected: 3,
  timeout: EXIT.deadline,
  cancelled: 7,
};

/** What a run that was followed to its end makes of the command; the tool's own exit code never does. */
export const exitOfRun = ({ status }: Pick<Invocation, 'status'>): number =>
  EXIT_OF_STATUS[status] ?? EXIT.failed;

/** What a failed call makes of the command: the catalogue's column, 1 for codes that are not in it. */
export const exitOfError = ({ kind, row }: ClientError): number =>
  kind === 'deadline' ? EXIT.deadline : (row?.exit ?? EXIT.failed);

/** Something is wrong with how the command was called; nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The person at the keyboard had enough. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** A watch outlasted its own deadline. */
export class WatchDeadline extends Error {
  override readonly name = 'WatchDeadline';
}
