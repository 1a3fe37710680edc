import type { Session } from '../session.ts';
import type { Parameters, ValuesOf } from './flag.ts';

/** A command as data: what it takes, and what it does with it. */
export interface Command<Flags extends Parameters = Parameters, Args extends Parameters = Parameters> {
  /** More than the line the table has of it. */
  readonly about?: string;
  readonly flags?: Flags;
  /** In their order on the command line. */
  readonly args?: Args;
  /** One-letter names of flags. */
  readonly letters?: Readonly<Record<string, keyof Flags & string>>;
  /** Returns what the command ends with, 0 unless said. */
  readonly run: (
    session: Session,
    input: { readonly flags: ValuesOf<Flags>; readonly args: ValuesOf<Args> },
  ) => Promise<number | void>;
}

/** A command whose parameters nobody needs to know the types of. */
export interface AnyCommand extends Omit<Command, 'run' | 'letters'> {
  readonly letters?: Readonly<Record<string, string>>;
  readonly run: (
    session: Session,
    input: {
      readonly flags: Readonly<Record<string, unknown>>;
      readonly args: Readonly<Record<string, unknown>>;
    },
  ) => Promise<number | void>;
}

/** Declares a command; the types of its input follow from its flags and arguments. */
export const command = <
  Flags extends Parameters = object & Parameters,
  Args extends Parameters = object & Parameters,
>(
  row: Command<Flags, Args>,
): AnyCommand =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parser fills in what the row itself declares
  row as unknown as AnyCommand;
