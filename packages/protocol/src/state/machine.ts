/** One arrow: from which states an event is legal, and where it leads. */
export interface Arrow<State extends string> {
  readonly from: readonly State[];
  readonly to: State;
}

/** A state machine as a table. `refusal` is the code that answers an event the table does not hold. */
export interface Machine<State extends string, Event extends string, Refusal extends string> {
  readonly refusal: Refusal;
  readonly states: readonly State[];
  readonly arrows: Readonly<Record<Event, Arrow<State>>>;
}

/** Types a machine: states first, the events follow from the table. */
export const defineMachine =
  <State extends string>() =>
  <Event extends string, Refusal extends string>(
    machine: Machine<State, Event, Refusal>,
  ): Machine<State, Event, Refusal> =>
    machine;

/** Where an event leads from a state, or null when the table does not hold it. */
export function target<State extends string, Event extends string>(
  machine: Machine<State, Event, string>,
  state: State,
  event: Event,
): State | null {
  const arrow = machine.arrows[event];
  return arrow.from.includes(state) ? arrow.to : null;
}

/** The states that no arrow leaves: nobody keeps a second list of them. */
export function terminalStates<State extends string>(
  machine: Machine<State, string, string>,
): ReadonlySet<State> {
  const left = new Set(Object.values(machine.arrows).flatMap((arrow) => arrow.from));
  return new Set(machine.states.filter((state) => !left.has(state)));
}
