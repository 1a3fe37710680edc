import type { OperationId } from '@xem/client';
import type { AnyCommand } from './command.ts';

/** A command in the table; its module is loaded when it is asked for. */
export interface Verb {
  readonly brief: string;
  /** The operations it sends; those that say what it is for come first. */
  readonly operations: readonly OperationId[];
  readonly load: () => Promise<AnyCommand>;
  /** Left out of the help. */
  readonly hidden?: true;
}

/** A group of commands. */
export interface Noun {
  readonly brief: string;
  readonly entries: Readonly<Record<string, Entry>>;
  /** What the noun alone stands for. */
  readonly alone?: string;
  /** What the noun with an id behind it stands for. */
  readonly withId?: { readonly pattern: RegExp; readonly word: string };
}

export type Entry = Verb | Noun;

/** A row of the table. */
export const verb = (brief: string, operations: readonly OperationId[], load: Verb['load']): Verb => ({
  brief,
  operations,
  load,
});
