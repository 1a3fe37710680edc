import { join } from 'node:path';
import { startAgent, type AgentSettings } from '@xem/agent/testing';
import type { MeshNetwork } from '@xem/mesh';
import { silentLog, type Clock, type Lifecycle } from '@xem/runtime';
import { seededIds } from '@xem/runtime/testing';
import type { Dice } from './dice.ts';
import { createHost, type SimulatedHost } from './host.ts';
import { spawnProcess, type SimulatedProcess } from './process.ts';

/** An agent on a host of its own, which can be killed and started again. */
export interface SimulatedAgent {
  readonly name: string;
  readonly stateDir: string;
  readonly host: SimulatedHost;
  isRunning(): boolean;
  /** It has had a session. */
  isReady(): boolean;
  start(): void;
  kill(): void;
  /** Why it gave up for good, if it did. */
  gaveUp(): string | null;
}

interface AgentParts {
  readonly name: string;
  readonly joinKey: string;
  readonly dir: string;
  readonly clock: Clock;
  readonly network: MeshNetwork;
  readonly dice: Dice;
}

const settingsFor = ({ name, joinKey, dir }: AgentParts): AgentSettings => ({
  join_key: joinKey,
  registration_name: name,
  router_url: undefined,
  workspaces: '*',
  tools_dir: join(dir, 'tools'),
  credentials_dir: join(dir, 'credentials'),
  state_dir: join(dir, name),
  signing_key_path: undefined,
  curve_key_path: undefined,
  queue_db_path: undefined,
  policy_path: undefined,
  log_level: 'silent',
  metrics_host: '127.0.0.1',
  metrics_port: undefined,
  lease_renewal_interval_ms: 1000,
  shutdown_grace_seconds: 0,
  on_shutdown: 'detach',
  max_concurrent_executions: 3,
});

/** Closes what the system would close of a dead process; its way to stop well is never taken. */
interface DeadlyLifecycle extends Lifecycle {
  reap(): void;
}

function deadlyLifecycle(): DeadlyLifecycle {
  const files: (() => void)[] = [];
  return {
    own: (thing, close) => {
      if (typeof thing !== 'function' || thing.name !== 'stop') files.push(() => void close(thing));
      return thing;
    },
    close: async () => undefined,
    reap: () => {
      for (const close of files.toReversed()) close();
    },
  };
}

/** An agent that has not been started. */
export function createAgent(parts: AgentParts): SimulatedAgent {
  const { name, clock, dice } = parts;
  const host = createHost({ clock, dice });
  let current: { readonly process: SimulatedProcess; readonly lifecycle: DeadlyLifecycle } | null = null;
  let starts = 0;
  let isReady = false;
  let fault: string | null = null;
  const kill = (): void => {
    current?.process.kill();
    current?.lifecycle.reap();
    current = null;
  };
  const onFatal = (err: Error): void => {
    fault = err.message;
    kill();
  };
  const start = (): void => {
    starts += 1;
    const process = spawnProcess(parts);
    const lifecycle = deadlyLifecycle();
    current = { process, lifecycle };
    startAgent({
      settings: settingsFor(parts),
      version: '0.1.0',
      tools: host.open(process),
      clock: process.clock,
      network: process.network,
      ids: seededIds(process.clock, `${name} ${starts}`),
      log: silentLog,
      lifecycle,
      onReady: () => {
        isReady = true;
      },
      onFatal,
    }).catch(
      (err: unknown) => process.isAlive() && onFatal(err instanceof Error ? err : new Error('unknown')),
    );
  };
  const isRunning = (): boolean => current !== null;
  return {
    name,
    stateDir: settingsFor(parts).state_dir,
    host,
    isRunning,
    isReady: () => isReady,
    start,
    kill,
    gaveUp: () => fault,
  };
}
