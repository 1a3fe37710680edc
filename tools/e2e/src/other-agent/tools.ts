import { once } from 'node:events';
import type { Tool } from './manifest.ts';

const closed = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** A tool that reads: writes a text as often as it is told, or waits until it is stopped. */
export const otherEcho: Tool = {
  definition: {
    name: 'other_echo',
    description: 'Write a text back.',
    risk: 'read',
    parameters: closed(
      { text: { type: 'string' }, times: { type: 'integer', minimum: 1 }, hold: { type: 'boolean' } },
      ['text'],
    ),
  },
  run: async ({ args: { text, times = 1, hold }, write, signal }) => {
    const bytes = Buffer.from(String(text), 'utf8');
    for (let time = 0; time < Number(times); time += 1) write('stdout', bytes);
    if (hold === true && !signal.aborted) await once(signal, 'abort');
    return 0;
  },
};

/** A tool that changes something: calls `effect` with its arguments. */
export const otherEffect = (effect: (args: Readonly<Record<string, unknown>>) => void): Tool => ({
  definition: {
    name: 'other_effect',
    description: 'Change something.',
    risk: 'destructive',
    parameters: closed({ cluster: { type: 'string' } }, ['cluster']),
  },
  run: async ({ args }) => {
    effect(args);
    return 0;
  },
});
