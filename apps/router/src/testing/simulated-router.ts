import { createChains, type Services } from '@xem/domain';
import type { MeshNetwork } from '@xem/mesh';
import { createLifecycle } from '@xem/runtime';
import type { Store } from '@xem/store';
import { openCore, startLoops } from '../core.ts';
import type { RouterKeys } from '../keys.ts';
import { openMesh } from '../mesh/open.ts';
import type { Ambient } from '../services.ts';
import type { RouterSettings } from '../settings.ts';

/** What a router in a simulation is made of: everything that touches the machine is handed in. */
export interface SimulatedParts {
  readonly ambient: Ambient;
  readonly store: Store;
  readonly network: MeshNetwork;
  readonly keys: RouterKeys;
  readonly settings: RouterSettings;
  readonly dataEndpoint: string;
  readonly enrollEndpoint: string;
  readonly fatal: (err: unknown) => void;
}

/** The router as it runs, but for its HTTP door and its process. It is never closed: it is killed. */
export async function openSimulatedRouter(parts: SimulatedParts): Promise<Services> {
  const addresses = { http: 'http://router', enroll: parts.enrollEndpoint, data: parts.dataEndpoint };
  const lifecycle = createLifecycle(parts.ambient.log);
  const core = await openCore({ ...parts, addresses, lifecycle, chains: createChains() });
  await openMesh({ ...parts, ...core, lifecycle });
  startLoops(core.services, lifecycle);
  return core.services;
}
