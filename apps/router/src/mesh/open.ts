import { createOutputLimits, createOutputWindow, type Services } from '@xem/domain';
import { openRouterMesh, type MeshNetwork, type RouterMesh } from '@xem/mesh';
import type { ExecutionId } from '@xem/protocol';
import type { Lifecycle } from '@xem/runtime';
import type { Errands } from '../errands.ts';
import type { RouterKeys } from '../keys.ts';
import { startDispatch } from '../loops/dispatch.ts';
import { createAccepts } from './accepts.ts';
import { openAllowList } from './allow-list.ts';
import type { LiveConnections } from './connections.ts';
import { startDepartures } from './departures.ts';
import { createGaps } from './gaps.ts';
import { meshHandlers } from './handlers.ts';
import type { MeshContext } from './mesh-context.ts';
import { startHoldReviews } from './hold-reviews.ts';
import { startNotices } from './notices.ts';
import { startPauseNotices } from './pause-notices.ts';
import { startRotations } from './rotations.ts';
import { createSequence } from './sequence.ts';
import { createStrays } from './strays.ts';

/** What the router's side of the mesh is made of. */
export interface MeshParts {
  readonly services: Services;
  readonly keys: Pick<RouterKeys, 'curve' | 'signer'>;
  readonly connections: LiveConnections;
  readonly errands: Errands;
  readonly lifecycle: Lifecycle;
  readonly fatal: (err: unknown) => void;
  /** Hears the kind of each frame that came. */
  readonly framed?: (kind: string) => void;
  readonly dataEndpoint: string;
  readonly enrollEndpoint: string;
  /** ZeroMQ when absent; a test passes a network in memory. */
  readonly network?: MeshNetwork;
}

/** Binds the sockets agents connect to and starts what sends orders to them. */
export async function openMesh(parts: MeshParts): Promise<RouterMesh> {
  const { services, connections, errands, lifecycle } = parts;
  const { clock, ids, log, store } = services;
  const allowList = lifecycle.own(await openAllowList(store, errands), (list) => list.close());
  const attempts = createSequence<ExecutionId>((err) => log.error('frame.failed', { err }));
  let context: MeshContext | null = null;
  const opened = (): MeshContext => {
    if (!context) throw new Error('a frame came in before the mesh was open');
    return context;
  };
  const mesh = await openRouterMesh({
    clock,
    ids,
    log,
    ...parts.keys,
    dataEndpoint: parts.dataEndpoint,
    enrollEndpoint: parts.enrollEndpoint,
    admits: allowList.admits,
    handlers: meshHandlers({ ...parts, allowList, context: opened }),
    ...(parts.network && { network: parts.network }),
  });
  lifecycle.own(mesh, (owned) => owned.stop());
  connections.follow(mesh);
  const dispatcher = lifecycle.own(startDispatch({ services, mesh, errands }), (loop) => loop.stop());
  const shared = { services, mesh, attempts, errands, allowList, renewed: dispatcher.offer };
  context = {
    ...shared,
    accepts: createAccepts(),
    outputWindow: createOutputWindow(),
    outputLimits: createOutputLimits(),
    gaps: createGaps(),
    strays: createStrays(),
  };
  lifecycle.own(attempts, (owned) => owned.drained());
  for (const start of [startDepartures, startHoldReviews, startNotices, startRotations])
    lifecycle.own(start({ services, mesh, errands }), (stop) => stop());
  lifecycle.own(startPauseNotices({ services, mesh, offer: dispatcher.offer }), (stop) => stop());
  return mesh;
}
