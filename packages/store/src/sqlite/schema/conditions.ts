import { AGENT_ADMITTED, EXECUTION_TERMINAL, executionMachine } from '@xem/protocol';

const statusIn = (words: Iterable<string>): string =>
  `status IN (${Array.from(words, (word) => `'${word}'`).join(', ')})`;

// Each is the condition of a partial index, and of the queries that the planner shall use it for.

/** Attempts that are under way. */
export const OPEN = statusIn(executionMachine.states.filter((state) => !EXECUTION_TERMINAL.has(state)));

/** Agents whose CURVE key may connect. */
export const ADMITTED = statusIn(AGENT_ADMITTED);
