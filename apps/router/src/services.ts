import {
  createCatalogue,
  createFleet,
  createOccupancy,
  createOrderDesk,
  createOutputNotices,
  createPauses,
  createPolicies,
  createSecretBox,
  createSettlements,
  createWindows,
  createSubscriptions,
  type Chains,
  type Connections,
  type DomainSettings,
  type RouterIdentity,
  type Services,
} from '@xem/domain';
import { HOUR_MS, DAY_MS, endpointsOf } from '@xem/protocol';
import type { Clock, IdSource, Log } from '@xem/runtime';
import type { Store } from '@xem/store';
import type { RouterKeys } from './keys.ts';
import type { RouterSettings } from './settings.ts';
import { ROUTER_VERSION } from './version.ts';

/** Where the router is reached; known once its sockets are bound. */
export interface Addresses {
  http: string;
  enroll: string;
  data: string;
}

/** The machine's services, handed in so that nothing below reads them by itself. */
export interface Ambient {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

const furtherEndpoints = ({ mesh_public_endpoints: list }: RouterSettings): readonly string[] =>
  list === undefined ? [] : endpointsOf(list);

const wordsOf = (list: string): readonly string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const identityOf = (
  { curve, signer }: RouterKeys,
  addresses: Addresses,
  further: readonly string[],
): RouterIdentity => ({
  get enrollEndpoint() {
    return addresses.enroll;
  },
  get dataEndpoints() {
    return [addresses.data, ...further];
  },
  curveKey: curve.publicKey,
  signingKey: signer.publicKey,
  sign: (bytes) => signer.sign(bytes),
});

const domainSettings = ({
  settings,
  addresses,
  isTraced = false,
}: Pick<ServiceParts, 'settings' | 'addresses' | 'isTraced'>): DomainSettings => ({
  get publicUrl() {
    return settings.public_url?.replace(/\/$/, '') ?? addresses.http;
  },
  version: ROUTER_VERSION,
  leaseRenewalIntervalMs: settings.lease_renewal_interval_ms,
  lostGraceMs: settings.lost_grace_ms,
  queueTimeoutMs: settings.queue_timeout_ms,
  outputRetentionMs: settings.output_retention_hours * HOUR_MS,
  webhookAllowPrivate: settings.webhook_allow_private,
  webhookAllowedHosts: wordsOf(settings.webhook_allowed_hosts),
  isTraced,
  journalRetentionMs: settings.journal_retention_days * DAY_MS,
});

interface ServiceParts {
  readonly ambient: Ambient;
  readonly store: Store;
  readonly keys: RouterKeys;
  readonly settings: RouterSettings;
  readonly addresses: Addresses;
  readonly connections: Connections;
  /** Spans of attempts go to a collector. */
  readonly isTraced?: boolean;
  readonly chains: Chains;
}

/** Everything verbs work with, on a store that is open. */
export const createServices = ({
  ambient,
  store,
  keys,
  settings,
  addresses,
  connections,
  isTraced = false,
  chains,
}: ServiceParts): Services => ({
  ...ambient,
  store,
  fleet: createFleet(),
  occupancy: createOccupancy(),
  connections,
  catalogue: createCatalogue(),
  pauses: createPauses(),
  policies: createPolicies(store),
  windows: createWindows(),
  chains,
  orders: createOrderDesk(),
  settlements: createSettlements(store),
  outputNotices: createOutputNotices(),
  subscriptions: createSubscriptions(),
  secretBox: createSecretBox(keys.webhookSecret, ambient.ids),
  identity: identityOf(keys, addresses, furtherEndpoints(settings)),
  settings: domainSettings({ settings, addresses, isTraced }),
});
