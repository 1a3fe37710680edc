import type { MeshSession } from '@xem/mesh';
import { attemptName, type AttemptKey } from '@xem/protocol';
import { atTurnEnd } from '@xem/runtime';

type Session = Pick<MeshSession, 'name'>;

/**
 * Accepts that wait for the end of the turn they came in. The result of a short run often comes in the same turn, and
 * starts what has not started: then the accept has nothing to add, and costs no transaction of its own.
 */
export interface Accepts {
  /** True at the end of the turn, false as soon as the attempt's result, or the accept once more, is here. */
  stands(session: Session, attempt: AttemptKey): Promise<boolean>;
  /** The result of an attempt is here. */
  overtake(session: Session, attempt: AttemptKey): void;
}

const keyOf = ({ name }: Session, attempt: AttemptKey): string => `${name}/${attemptName(attempt)}`;

/** No accept waits yet. */
export function createAccepts(): Accepts {
  const waiting = new Map<string, (stands: boolean) => void>();
  const overtake = (key: string): void => {
    waiting.get(key)?.(false);
    waiting.delete(key);
  };
  const release = (): void => {
    const standing = [...waiting.values()];
    waiting.clear();
    for (const resolve of standing) resolve(true);
  };
  return {
    stands: (session, attempt) =>
      new Promise((resolve) => {
        const key = keyOf(session, attempt);
        overtake(key);
        if (waiting.size === 0) atTurnEnd(release);
        waiting.set(key, resolve);
      }),
    overtake: (session, attempt) => overtake(keyOf(session, attempt)),
  };
}
