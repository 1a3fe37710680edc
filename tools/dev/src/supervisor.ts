import { mkdirSync } from 'node:fs';
import type { Clock } from '@xem/runtime';
import type { ProcessName } from './process-table.ts';
import { startService, type Service, type ServiceEnd, type ServiceRow } from './service.ts';

/** Services that belong together: when one ends by itself, all have to. */
export interface Supervisor {
  /** Starts a service and resolves with what it says when it is ready. @throws Error when it ends before, or once `stop` was called */
  start(row: ServiceRow): Promise<unknown>;
  /** The process of a service by its name. @throws Error when there is none */
  processOf(name: string): ProcessName;
  /** Stops everything, last started first. */
  stop(): Promise<void>;
}

interface SupervisorOptions {
  readonly clock: Clock;
  readonly logDir: string;
  /** Hears of every process as soon as it is there, all so far. */
  readonly onStarted: (processes: readonly ProcessName[]) => void;
  /** Hears of a service that ended though nobody stopped it. */
  readonly onUnexpectedEnd: (service: Service, end: ServiceEnd) => void;
}

/** A supervisor without services. */
export function createSupervisor({
  clock,
  logDir,
  onStarted,
  onUnexpectedEnd,
}: SupervisorOptions): Supervisor {
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const services: Service[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    for (const service of services.toReversed()) await service.stop();
  };
  return {
    start: async (row) => {
      if (stopping) throw new Error(`${row.name} is not started: everything is stopping`);
      const service = startService(clock, logDir, row);
      services.push(service);
      onStarted(services.map((one) => one.process));
      void service.ended.then((end) => stopping ?? onUnexpectedEnd(service, end));
      return await service.ready;
    },
    processOf: (name) => {
      const service = services.find((one) => one.name === name);
      if (!service) throw new Error(`there is no service ${name}`);
      return service.process;
    },
    stop: () => (stopping ??= stopAll()),
  };
}
