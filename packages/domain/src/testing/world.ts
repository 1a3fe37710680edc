import { DAY_MS, entryFault, type Surface } from '@xem/protocol';
import {
  recordingLog,
  seededIds,
  virtualClock,
  type LoggedLine,
  type VirtualClock,
} from '@xem/runtime/testing';
import { openTestStore, type TestStore } from '@xem/store/testing';
import { authenticate } from '../access/authenticate.ts';
import { seedDevelopment, type DevelopmentSeed } from '../bootstrap/seed-development.ts';
import { createCatalogue } from '../catalogue/catalogue.ts';
import type { DomainSettings, Services, VerbContext } from '../context.ts';
import { createOrderDesk } from '../execution/order-desk.ts';
import { createFleet } from '../fleet/fleet.ts';
import { createOccupancy } from '../fleet/occupancy.ts';
import { createChains } from '../journal/chains.ts';
import { createWindows } from '../maintenance/windows.ts';
import { createOutputNotices } from '../notice/output-notices.ts';
import { createSettlements } from '../notice/settlements.ts';
import { createPauses } from '../pause/pauses.ts';
import { createPolicies } from '../policy/policies.ts';
import { createSecretBox } from '../webhook/secret-box.ts';
import { createSubscriptions } from '../webhook/subscriptions.ts';
import { testIdentity } from './identity.ts';

const SETTINGS: DomainSettings = {
  publicUrl: 'http://127.0.0.1:8787',
  version: '0.1.0',
  leaseRenewalIntervalMs: 10_000,
  lostGraceMs: 60_000,
  queueTimeoutMs: 600_000,
  outputRetentionMs: DAY_MS,
  webhookAllowPrivate: false,
  webhookAllowedHosts: [],
  journalRetentionMs: 0,
};

/** A mesh without sockets: a fresh store, a clock that stands still, and the people of a local mesh. */
export interface TestWorld {
  readonly services: Services;
  readonly store: TestStore;
  readonly clock: VirtualClock;
  readonly logged: readonly LoggedLine[];
  readonly seed: DevelopmentSeed;
  /** A human with every scope who may decide. */
  readonly operator: VerbContext;
  /** Another human, who may execute and decide. */
  readonly approver: VerbContext;
  /** A service that may execute and infer. */
  readonly service: VerbContext;
  /** A service that may only infer. */
  readonly inference: VerbContext;
  /** A human with every scope in another project. */
  readonly foreigner: VerbContext;
  /** The context of whoever holds a key. */
  readonly as: (keyValue: string, surface?: Surface) => Promise<VerbContext>;
  /** What of the entries so far is not as their types say; what a test writes like that on purpose it takes out. */
  readonly misfits: string[];
  /** @throws Error when the journal was told something that its table of entries does not have */
  readonly close: () => Promise<void>;
}

async function contextOf(services: Services, keyValue: string, surface: Surface): Promise<VerbContext> {
  const caller = await authenticate(services, keyValue);
  return {
    ...services,
    projectId: caller.project.id,
    actor: caller.principal,
    keyId: caller.credential.keyId,
    surface,
    requestId: 'test',
    caller,
    idempotencyKey: null,
    traceparent: null,
  };
}

function createServices(
  store: TestStore,
  clock: VirtualClock,
): Services & { readonly log: ReturnType<typeof recordingLog> } {
  const ids = seededIds(clock);
  return {
    store,
    clock,
    ids,
    log: recordingLog(),
    fleet: createFleet(),
    occupancy: createOccupancy(),
    connections: { stats: () => null, lastErrorOf: () => null },
    catalogue: createCatalogue(),
    pauses: createPauses(),
    policies: createPolicies(store),
    windows: createWindows(),
    chains: createChains(),
    orders: createOrderDesk(),
    settlements: createSettlements(store),
    outputNotices: createOutputNotices(),
    subscriptions: createSubscriptions(),
    secretBox: createSecretBox(new Uint8Array(32), seededIds(clock, 'secrets of webhooks')),
    identity: testIdentity(ids),
    settings: SETTINGS,
  };
}

/** What of the entries that are committed from here on is not as their types say. */
function watchEntries(store: TestStore): string[] {
  const faults: string[] = [];
  store.onCommit((entries) => faults.push(...entries.flatMap((entry) => entryFault(entry) ?? [])));
  return faults;
}

/** A fresh world for one test, which closes it at its end. */
export async function testWorld(): Promise<TestWorld> {
  const clock = virtualClock();
  const store = await openTestStore({ clock });
  const misfits = watchEntries(store);
  const services = createServices(store, clock);
  const seed = await seedDevelopment(services);
  const as = (keyValue: string, surface: Surface = 'rest'): Promise<VerbContext> =>
    contextOf(services, keyValue, surface);
  const { keys } = seed;
  const [operator, approver, service, inference, foreigner] = await Promise.all([
    as(keys.operator),
    as(keys.approver),
    as(keys.service),
    as(keys.inference),
    as(keys.other_project),
  ]);
  const people = { operator, approver, service, inference, foreigner };
  return {
    services,
    store,
    clock,
    logged: services.log.lines,
    seed,
    ...people,
    as,
    misfits,
    close: async () => {
      services.settlements.close();
      await store.close();
      if (misfits.length > 0) throw new Error(misfits.join('\n'));
    },
  };
}

/** Runs a test in a world of its own, which is closed whatever comes. */
export async function inWorld(run: (world: TestWorld) => Promise<void>): Promise<void> {
  const world = await testWorld();
  try {
    await run(world);
  } finally {
    await world.close();
  }
}
