import { EXECUTION_TERMINAL, executionMachine } from '@xem/protocol';

const words = executionMachine.states.filter((state) => !EXECUTION_TERMINAL.has(state));

/** Attempts that are under way: the condition of the partial index, and of queries that the planner shall use it for. */
export const OPEN = `status IN (${words.map((word) => `'${word}'`).join(', ')})`;
