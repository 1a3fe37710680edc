/** Lets a test wait for something that it cannot make happen: asked again at each ring. */
export interface Bell {
  readonly ring: () => void;
  readonly until: (holds: () => boolean) => Promise<void>;
}

/** A bell nobody waits for. */
export function createBell(): Bell {
  const waiters = new Set<() => void>();
  return {
    ring: () => {
      for (const check of waiters) check();
    },
    until: (holds) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!holds()) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}
