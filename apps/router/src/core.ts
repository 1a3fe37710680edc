import type { Chains, Services } from '@xem/domain';
import type { Lifecycle } from '@xem/runtime';
import type { Store } from '@xem/store';
import { createErrands, type Errands } from './errands.ts';
import type { RouterKeys } from './keys.ts';
import { startDeadlines } from './loops/deadlines.ts';
import { startLeases } from './loops/leases.ts';
import { startRetention } from './loops/retention.ts';
import { startUpkeep } from './loops/upkeep.ts';
import { startUsage } from './loops/usage.ts';
import { startWindows } from './loops/windows.ts';
import { createConnections, type LiveConnections } from './mesh/connections.ts';
import { recover } from './recover.ts';
import { resumeClock } from './resume-clock.ts';
import { startWebhooks } from './loops/webhooks.ts';
import { createServices, type Addresses, type Ambient } from './services.ts';
import type { RouterSettings } from './settings.ts';
import { createPost, type PostMessage } from './webhook/post.ts';

/** What the core of a router is made of. */
export interface CoreParts {
  readonly ambient: Ambient;
  readonly store: Store;
  readonly keys: RouterKeys;
  readonly settings: RouterSettings;
  readonly addresses: Addresses;
  readonly lifecycle: Lifecycle;
  readonly isTraced?: boolean;
  readonly chains: Chains;
}

/** A router without a door: its memory is made again from its store. */
export interface Core {
  readonly services: Services;
  readonly connections: LiveConnections;
  readonly errands: Errands;
}

/** Makes a router's memory from its store, before anybody is let in. */
export async function openCore(parts: CoreParts): Promise<Core> {
  const { ambient, store, lifecycle } = parts;
  const errands = lifecycle.own(createErrands(ambient.log), (owned) => owned.drained());
  const connections = createConnections();
  const clock = await resumeClock(ambient, store);
  const services = createServices({ ...parts, ambient: { ...ambient, clock }, connections });
  lifecycle.own(services.settlements, (settlements) => settlements.close());
  await recover(services);
  return { services, connections, errands };
}

/** Starts what a router does by itself. */
export function startLoops(
  services: Services,
  lifecycle: Lifecycle,
  post: PostMessage = createPost(services),
): void {
  for (const start of [startDeadlines, startLeases, startUpkeep, startUsage, startWindows, startRetention]) {
    lifecycle.own(start(services), (loop) => loop.stop());
  }
  lifecycle.own(startWebhooks(services, post), (loop) => loop.stop());
}
