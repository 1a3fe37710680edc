import { attemptName, type AttemptKey } from '@xem/protocol';

/** Attempts that agents still run, or have to tell the end of, and that the restored store knows nothing of. */
export interface Strays {
  /** What the hello of a session listed of them. */
  note(session: string, keys: readonly AttemptKey[]): void;
  has(session: string, key: AttemptKey): boolean;
  /** Whether this is the first end that is heard of it. */
  end(session: string, key: AttemptKey): boolean;
  /** The session is over: the next hello lists what is left. */
  forget(session: string): void;
}

/** No strays yet: there are some only after a restore. */
export function createStrays(): Strays {
  const bySession = new Map<string, Map<string, 'runs' | 'ended'>>();
  return {
    note: (session, keys) => {
      if (keys.length > 0) bySession.set(session, new Map(keys.map((key) => [attemptName(key), 'runs'])));
    },
    has: (session, key) => bySession.get(session)?.has(attemptName(key)) ?? false,
    end: (session, key) => {
      const strays = bySession.get(session);
      if (strays?.get(attemptName(key)) !== 'runs') return false;
      strays.set(attemptName(key), 'ended');
      return true;
    },
    forget: (session) => void bySession.delete(session),
  };
}
