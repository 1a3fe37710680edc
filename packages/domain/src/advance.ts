import { ExecError, type ErrorCode } from '@xem/errors';
import { target, type Machine } from '@xem/protocol';

interface Stateful<State extends string> {
  readonly id: string;
  readonly status: State;
}

/**
 * The row in the state an event leads to. Refuses what the machine's table does not hold, with the code the table
 * names. @throws ExecError
 */
export function advance<State extends string, Event extends string, Row extends Stateful<State>>(
  machine: Machine<State, Event, ErrorCode>,
  row: Row,
  event: Event,
): Row {
  const status = target(machine, row.status, event);
  if (status === null) throw new ExecError(machine.refusal, `${row.id} is ${row.status}`);
  return { ...row, status };
}

/** Whether an event is legal now: what `actions` are made of. */
export const allows = <State extends string, Event extends string>(
  machine: Machine<State, Event, string>,
  state: State,
  event: Event,
): boolean => target(machine, state, event) !== null;
