import type { ConflictBody } from '@xem/protocol';
import type { Log } from '@xem/runtime';

/** That another agent holds this one's name, as far as the router has told. */
export interface Contest {
  told(conflict: ConflictBody): void;
  /** A new session: over, unless the router tells it again. */
  begin(): void;
  isOn(): boolean;
}

/** Nobody contests the name yet. What is told is for people: work under way goes on, and the agent stays. */
export function createContest(log: Log): Contest {
  let conflict: ConflictBody | null = null;
  return {
    told: (body) => {
      const { code, message, operator_action: operatorAction } = body;
      log.error('agent.name_contested', { code, why: message, operatorAction });
      conflict = body;
    },
    begin: () => {
      conflict = null;
    },
    isOn: () => conflict !== null,
  };
}
