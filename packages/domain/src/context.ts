import type {
  AgentId,
  ApiKeyId,
  ApprovalId,
  EntryActor,
  LinkId,
  PrincipalRef,
  ProjectId,
  RateLimit,
  RequiredScope,
  Scope,
  Surface,
} from '@xem/protocol';
import type { Clock, IdSource, Log } from '@xem/runtime';
import type { ProjectRecord, Store } from '@xem/store';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { OrderDesk } from './execution/order-desk.ts';
import type { Connections } from './fleet/connections.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { Occupancy } from './fleet/occupancy.ts';
import type { OutputNotices } from './notice/output-notices.ts';
import type { Settlements } from './notice/settlements.ts';
import type { Chains } from './journal/chains.ts';
import type { Windows } from './maintenance/windows.ts';
import type { Pauses } from './pause/pauses.ts';
import type { Policies } from './policy/policies.ts';
import type { SecretBox } from './webhook/secret-box.ts';
import type { Subscriptions } from './webhook/subscriptions.ts';

/** What agents must know to find this router and to trust it; written into join keys. */
export interface RouterIdentity {
  readonly enrollEndpoint: string;
  readonly dataEndpoints: readonly string[];
  /** Z85. */
  readonly curveKey: string;
  /** base64url of the Ed25519 public key. */
  readonly signingKey: string;
  /** Signs with the router's Ed25519 key: 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** The router's settings that rules depend on. Times in milliseconds. */
export interface DomainSettings {
  /** Address people reach the router at, without a trailing slash. */
  readonly publicUrl: string;
  readonly version: string;
  readonly leaseRenewalIntervalMs: number;
  readonly lostGraceMs: number;
  readonly queueTimeoutMs: number;
  readonly outputRetentionMs: number;
  /** Whether webhooks may reach private addresses, over plain HTTP too. */
  readonly webhookAllowPrivate: boolean;
  /** Names, addresses and ranges that webhooks may reach all the same. */
  readonly webhookAllowedHosts: readonly string[];
  /** Each attempt has a span of its own, which its order names in place of that of the request. */
  readonly isTraced?: boolean;
  /** 0 keeps the journal for ever. */
  readonly journalRetentionMs: number;
}

/** What every verb may use; made once by the router's composition root. */
export interface Services {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly fleet: Fleet;
  readonly occupancy: Occupancy;
  readonly connections: Connections;
  readonly catalogue: Catalogue;
  readonly pauses: Pauses;
  readonly policies: Policies;
  readonly windows: Windows;
  readonly chains: Chains;
  readonly orders: OrderDesk;
  readonly settlements: Settlements;
  readonly outputNotices: OutputNotices;
  readonly subscriptions: Subscriptions;
  readonly secretBox: SecretBox;
  readonly identity: RouterIdentity;
  readonly settings: DomainSettings;
}

/** Who acts in which project: what a journal entry says of its origin. */
export interface Origin {
  readonly projectId: ProjectId;
  readonly actor: EntryActor;
  readonly keyId: ApiKeyId | null;
  readonly surface: Surface | null;
  readonly requestId: string | null;
}

/** What a change of the store needs, whoever asks for it. */
export type WriteServices = Pick<Services, 'store' | 'clock' | 'ids'>;

/** The least a change can be made with: a program that works on the router's host has no more. */
export interface WriteContext extends WriteServices, Origin {}

/** The services, and who uses them. */
export interface ProjectContext extends Services, Origin {}

/** The one-time link that a vote is given by. */
export interface LinkProof {
  readonly id: LinkId;
  readonly approvalId: ApprovalId;
}

/** How a caller proved who they are. */
export interface Credential {
  readonly kind: 'key' | 'console' | 'link';
  /** Null unless `kind` is `link`; the key is that of its minter then. */
  readonly link: LinkProof | null;
  readonly keyId: ApiKeyId;
  readonly keyName: string;
  readonly keyPrefix: string;
  /** The family of the key, then those that it comes from; see the key's record. */
  readonly families: readonly ApiKeyId[];
  readonly scopes: ReadonlySet<Scope>;
  readonly canDecide: boolean;
  readonly rate: RateLimit;
  readonly endpoints: readonly string[] | null;
  /** Addresses and CIDR ranges the key may be used from; null is everywhere. */
  readonly ipAllow: readonly string[] | null;
  /** When the key ends. */
  readonly keyExpiresAt: number | null;
  /** When this proof ends: that of the key, or of the browser's session. */
  readonly expiresAt: number | null;
}

/** An authenticated caller. */
export interface Caller {
  readonly principal: PrincipalRef;
  readonly groups: readonly string[];
  /** When somebody last let them in, gave them a group or enabled them; of a link's reviewer it is the minter's. */
  readonly empoweredAt: number | null;
  readonly credential: Credential;
  /** With what it may send and must pay, as it was when the request came in. */
  readonly project: Pick<ProjectRecord, 'id' | 'slug' | 'name' | 'rate' | 'billing' | 'tariff'>;
}

/** What a verb asked for by a caller gets. */
export interface VerbContext extends ProjectContext {
  readonly actor: PrincipalRef;
  readonly keyId: ApiKeyId;
  readonly surface: Surface;
  readonly caller: Caller;
  readonly idempotencyKey: string | null;
  /** W3C trace context of the request. */
  readonly traceparent: string | null;
}

/** The context of what the router does by itself in a project: deadlines, leases, dispatch. */
export const systemContext = <Given extends WriteServices>(
  services: Given,
  projectId: ProjectId,
): Given & Origin => ({
  ...services,
  projectId,
  actor: { kind: 'system' },
  keyId: null,
  surface: null,
  requestId: null,
});

/** The context of what an agent causes: its enrolment, its sessions, its manifest. */
export const agentContext = <Given extends WriteServices>(
  services: Given,
  { projectId, agentId }: { readonly projectId: ProjectId; readonly agentId: AgentId },
): Given & Origin => ({ ...systemContext(services, projectId), actor: { kind: 'agent', id: agentId } });

/** Something the router does that no route asks for. Callers never reach it. */
export interface InternalOperation {
  readonly id: string;
  readonly scope: 'internal';
}

/** Names an internal operation, for the journal's sake and to keep it from callers. */
export const internalOperation = (id: string): InternalOperation => ({ id, scope: 'internal' });

/** What `mutate` and `assertScope` need to know of an operation. */
export interface Governed {
  readonly id: string;
  readonly scope: RequiredScope | 'internal';
}
