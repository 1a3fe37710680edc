import type { Services } from '@xem/domain';
import type { MeshNetwork } from '@xem/mesh';
import { createLifecycle } from '@xem/runtime';
import type { Store } from '@xem/store';
import { createErrands } from '../errands.ts';
import type { RouterKeys } from '../keys.ts';
import { startDeadlines } from '../loops/deadlines.ts';
import { startLeases } from '../loops/leases.ts';
import { startUpkeep } from '../loops/upkeep.ts';
import { createConnections } from '../mesh/connections.ts';
import { openMesh } from '../mesh/open.ts';
import { recover } from '../recover.ts';
import { createServices, type Ambient } from '../services.ts';
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
  const { ambient, store, keys, settings } = parts;
  const addresses = { http: 'http://router', enroll: parts.enrollEndpoint, data: parts.dataEndpoint };
  const connections = createConnections();
  const services = createServices({ ambient, store, keys, settings, addresses, connections });
  await recover(services);
  const errands = createErrands(ambient.log);
  const lifecycle = createLifecycle(ambient.log);
  await openMesh({ ...parts, services, connections, errands, lifecycle });
  startDeadlines(services);
  startLeases(services);
  startUpkeep(services);
  return services;
}
