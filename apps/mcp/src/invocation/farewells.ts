/** What is still to be said to the router about calls whose askers left. */
export interface Farewells {
  /** Remembers something under way; it must not reject. */
  add(farewell: Promise<void>): void;
  /** Resolves when nothing is under way. */
  said(): Promise<void>;
}

/** An empty list of farewells. */
export function createFarewells(): Farewells {
  const pending = new Set<Promise<void>>();
  return {
    add: (farewell) => {
      pending.add(farewell);
      void farewell.finally(() => pending.delete(farewell));
    },
    said: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
