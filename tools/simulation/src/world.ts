import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinKey as joinKeys, seedDevelopment, type DevelopmentSeed } from '@xem/domain';
import { memoryNetwork, type MemoryNetwork } from '@xem/mesh/testing';
import { createJoinKey } from '@xem/protocol';
import { seededIds, virtualClock, type VirtualClock } from '@xem/runtime/testing';
import type { Store } from '@xem/store';
import { openTestStore, type TestStore } from '@xem/store/testing';
import { createAgent, type SimulatedAgent } from './agent.ts';
import { createClients, type Clients } from './clients.ts';
import { createDice, type Dice } from './dice.ts';
import { createRouter, type SimulatedRouter } from './router.ts';

/** A mesh in one process: one router, some agents, those who use it, and the network between them. */
export interface SimulatedWorld {
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly network: MemoryNetwork;
  readonly store: TestStore;
  readonly router: SimulatedRouter;
  readonly agents: readonly SimulatedAgent[];
  readonly clients: Clients;
  readonly people: DevelopmentSeed;
  /** What went wrong that may not, as it happened. */
  readonly complaints: string[];
  close(): Promise<void>;
}

async function mintJoinKey(
  router: SimulatedRouter,
  { keys, workspace_id }: DevelopmentSeed,
  name: string,
): Promise<string> {
  const ctx = await router.as(keys.operator);
  const draft = createJoinKey.input.parse({ name, workspaces: [workspace_id] });
  const { value } = await joinKeys.create(ctx, draft);
  if (value === undefined) throw new Error('the join key came without its value');
  return value;
}

/** A store whose writing of output, which files and threads of the machine take part in, is known while it lasts. */
function watchedStore(store: TestStore, writing: Set<Promise<unknown>>): Store {
  const watch = <Value>(work: Promise<Value>): Promise<Value> => {
    const watched = work.finally(() => writing.delete(watched));
    writing.add(watched);
    return watched;
  };
  return {
    ...store,
    outputs: {
      ...store.outputs,
      append: (piece) => watch(store.outputs.append(piece)),
      stored: (id) => watch(store.outputs.stored(id)),
      seal: (projectId, id) => watch(store.outputs.seal(projectId, id)),
    },
  };
}

/** Opens a world whose every chance the seed decides; its agents are not started. */
export async function openWorld(seed: string, agentCount: number): Promise<SimulatedWorld> {
  const writing = new Set<Promise<unknown>>();
  const clock = virtualClock(undefined, async () => {
    while (writing.size > 0) await Promise.allSettled(writing);
  });
  const dice = createDice(seed);
  const network = memoryNetwork({ clock, seed });
  const store = await openTestStore({ clock });
  const dir = mkdtempSync(join(tmpdir(), 'xem-simulation-'));
  const router = createRouter({ seed, clock, network, store: watchedStore(store, writing) });
  const started = router.start();
  await clock.advance(10);
  await started;
  const people = await seedDevelopment({ store, clock, ids: seededIds(clock, `${seed} people`) });
  const agents: SimulatedAgent[] = [];
  for (let count = 0; count < agentCount; count += 1) {
    const name = `host-${count}`;
    const joinKey = await mintJoinKey(router, people, name);
    agents.push(createAgent({ name, joinKey, dir, clock, network, dice }));
  }
  const complaints: string[] = [];
  const complain = (what: string): void => void complaints.push(what);
  const { keys, workspace_id: workspaceId } = people;
  const clients = createClients({ router, dice, keys, workspaceId, complain });
  return {
    clock,
    dice,
    network,
    store,
    router,
    agents,
    clients,
    people,
    complaints,
    close: async () => {
      for (const agent of agents) agent.kill();
      router.kill();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
