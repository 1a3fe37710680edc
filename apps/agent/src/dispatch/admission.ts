import type { PauseBody } from '@xem/protocol';
import type { z } from 'zod';
import type { RefusalWords } from './read-order.ts';

type PauseScope = Pick<z.infer<typeof PauseBody>, 'scope' | 'id'>;

/** What an order says of where it belongs. */
type Addressed = Readonly<Record<'agent_id' | 'workspace_id' | 'project_id', string>>;

/** Whether there is room for work at all. Every refusal here puts the call back in the queue. */
export interface Admission {
  pause(scope: PauseScope): void;
  resume(scope: PauseScope): void;
  /** A new session tells anew what is held. */
  forgetPauses(): void;
  /** No new work from here on. */
  drain(): void;
  isDraining(): boolean;
  /** Why this order is not taken now; null when it is. */
  refusalOf(order: Addressed, inFlight: number): RefusalWords | null;
}

interface AdmissionContext {
  readonly slots: number;
  /** Whether the lease holds. */
  isLeased(): boolean;
  serves(workspaceId: string): boolean;
}

const nameOf = ({ scope, id }: PauseScope): string => `${scope} ${id}`;

/** Lets work in while there is room. */
export function createAdmission(ctx: AdmissionContext): Admission {
  const paused = new Set<string>();
  let draining = false;
  const isPaused = (order: Addressed): boolean =>
    paused.has(`agent ${order.agent_id}`) ||
    paused.has(`workspace ${order.workspace_id}`) ||
    paused.has(`project ${order.project_id}`);
  return {
    pause: (scope) => void paused.add(nameOf(scope)),
    resume: (scope) => void paused.delete(nameOf(scope)),
    forgetPauses: () => paused.clear(),
    drain: () => {
      draining = true;
    },
    isDraining: () => draining,
    refusalOf: (order, inFlight) => {
      if (!ctx.serves(order.workspace_id)) {
        return { reason: 'unknown_workspace', message: `${order.workspace_id} is not served here` };
      }
      if (draining) return { reason: 'draining', message: 'the agent is stopping' };
      if (isPaused(order)) return { reason: 'paused', message: 'work is held here' };
      if (!ctx.isLeased()) return { reason: 'paused', message: 'the lease has lapsed' };
      return inFlight < ctx.slots ? null : { reason: 'slots', message: `all ${ctx.slots} slots are taken` };
    },
  };
}
