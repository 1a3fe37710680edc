import { authenticate, type Services, type VerbContext } from '@xem/domain';
import { curvePairFromSecret, signerFromSeed, type MeshNetwork } from '@xem/mesh';
import { openSimulatedRouter, type SimulatedParts } from '@xem/router/testing';
import { silentLog, type Clock, type IdSource } from '@xem/runtime';
import { seededIds } from '@xem/runtime/testing';
import type { Store } from '@xem/store';
import { mortalStore, type CrashPoint, type MortalStore } from './mortal-store.ts';
import { spawnProcess, type SimulatedProcess } from './process.ts';

/** A router that can be killed and started again on the store that it leaves. */
export interface SimulatedRouter {
  /** Null while it is down. */
  services(): Services | null;
  /** It was started and has not died: it may not be up yet. */
  isRunning(): boolean;
  start(): Promise<void>;
  kill(): void;
  crashAt(point: CrashPoint): void;
  /** The context of whoever holds a key. @throws Error while it is down */
  as(key: string, idempotencyKey?: string): Promise<VerbContext>;
}

interface RouterParts {
  readonly seed: string;
  readonly clock: Clock;
  readonly network: MeshNetwork;
  readonly store: Store;
}

const SETTINGS: SimulatedParts['settings'] = {
  data_dir: '',
  http_host: 'router',
  http_port: 0,
  public_url: 'http://router',
  mesh_host: 'router',
  mesh_public_host: 'router',
  mesh_public_endpoints: undefined,
  data_port: 1,
  enroll_port: 2,
  lease_renewal_interval_ms: 1000,
  lost_grace_ms: 5000,
  queue_timeout_ms: 60_000,
  body_bytes_max: 1_048_576,
  unauthenticated_per_minute: 600,
  trusted_proxies: '',
  forwarded_header: 'x-forwarded-for',
  output_retention_hours: 24,
  webhook_allow_private: false,
  webhook_allowed_hosts: '',
  journal_retention_days: 0,
  heads_file: undefined,
  head_interval_seconds: 300,
  head_entries: 1000,
  shutdown_grace_seconds: 0,
  log_level: 'silent',
  metrics_host: '127.0.0.1',
  metrics_port: undefined,
};

interface Incarnation {
  readonly process: SimulatedProcess;
  readonly store: MortalStore;
  services: Services | null;
}

const routerKeys = (secrets: IdSource): SimulatedParts['keys'] => ({
  curve: curvePairFromSecret(secrets.bytes(32)),
  signer: signerFromSeed(secrets.bytes(32)),
  webhookSecret: secrets.bytes(32),
});

/** A router that has not been started. */
export function createRouter({ seed, clock, network, store: lasting }: RouterParts): SimulatedRouter {
  const secrets = seededIds(clock, `${seed} router keys`);
  const keys = routerKeys(secrets);
  let current: Incarnation | null = null;
  let starts = 0;
  const kill = (): void => {
    current?.process.kill();
    current = null;
  };
  const start = async (): Promise<void> => {
    kill();
    starts += 1;
    const process = spawnProcess({ clock, network });
    const store = mortalStore(lasting, process, kill);
    const incarnation: Incarnation = { process, store, services: null };
    current = incarnation;
    const ambient = {
      clock: process.clock,
      ids: seededIds(process.clock, `${seed} router ${starts}`),
      log: silentLog,
    };
    incarnation.services = await process.guard(
      openSimulatedRouter({
        ambient,
        store,
        network: process.network,
        keys,
        settings: SETTINGS,
        dataEndpoint: 'tcp://router:1',
        enrollEndpoint: 'tcp://router:2',
        fatal: (err) => {
          throw err;
        },
      }),
    );
  };
  return {
    services: () => current?.services ?? null,
    isRunning: () => current !== null,
    start,
    kill,
    crashAt: (point) => current?.store.crashAt(point),
    as: async (key, idempotencyKey) => {
      const services = current?.services;
      if (!services) throw new Error('the router is down');
      const caller = await authenticate(services, key);
      return {
        ...services,
        projectId: caller.project.id,
        actor: caller.principal,
        keyId: caller.credential.keyId,
        surface: 'rest',
        requestId: 'simulation',
        caller,
        idempotencyKey: idempotencyKey ?? null,
        traceparent: null,
      };
    },
  };
}
