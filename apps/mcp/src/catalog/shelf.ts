import type { ToolDescriptor } from '@xem/protocol';

/** The parts of a tool that its digest fixes for ever. */
export type Definition = Pick<ToolDescriptor, 'parameters' | 'idempotent'>;

/** Definitions by digest. A digest is only looked up when the caller's own key has just listed it. */
export interface Shelf {
  get(digest: string): Definition | undefined;
  put(digest: string, definition: Definition): void;
}

const DEFINITIONS_MAX = 2000;

/** A shelf that forgets what was put there first when it is full. */
export function createShelf(max = DEFINITIONS_MAX): Shelf {
  const definitions = new Map<string, Definition>();
  return {
    get: (digest) => definitions.get(digest),
    put: (digest, definition) => {
      definitions.delete(digest);
      definitions.set(digest, definition);
      const oldest = definitions.keys().next();
      if (definitions.size > max && !oldest.done) definitions.delete(oldest.value);
    },
  };
}
