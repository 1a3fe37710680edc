import type { RouterSocketEvents } from '../wire/transport.ts';

type Message = RouterSocketEvents['message'];

/** Keeps what arrives while a router is still opening, and hands it on, in order, once it is open. */
export interface Hold {
  readonly until: (message: Message) => Message;
  readonly release: () => void;
}

/** A hold that is closed. */
export function createHold(): Hold {
  let held: (() => void)[] | null = [];
  return {
    until: (message) => (from, parts) => {
      if (held === null) message(from, parts);
      else held.push(() => message(from, parts));
    },
    release: () => {
      const waiting = held ?? [];
      held = null;
      for (const deliver of waiting) deliver();
    },
  };
}
