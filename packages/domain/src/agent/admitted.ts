import type { AgentRecord } from '@xem/store';

const ADMITTED: ReadonlySet<AgentRecord['status']> = new Set(['online', 'offline', 'conflict']);

/** Whether an agent may still connect with its keys: it was neither banned, nor evicted, nor replaced. */
export const isAdmitted = ({ status }: Pick<AgentRecord, 'status'>): boolean => ADMITTED.has(status);
