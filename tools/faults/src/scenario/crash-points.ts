import type { EntryType, FrameKind, FRAMES } from '@xem/protocol';
import type { QUIET_WRITES } from '@xem/store';
import { ACTS } from '../govern/acts.ts';
import * as attacks from '../hostile/mesh-attacks.ts';
import * as standing from '../govern/standing.ts';
import type { World } from './world.ts';

/** Has a mesh come to a point, sooner or later; it is done again until something has died there. */
type Provocation = (world: World) => Promise<unknown>;

/** Why nothing here comes to a point. */
type Unreached = { readonly because: string };

/** The load comes there all the time. */
const LOAD: Provocation = ({ mesh }) => mesh.clock.sleep(100);

type Name = keyof typeof ACTS;

const by =
  (name: Name): Provocation =>
  ({ load, chance, mesh: { clock } }) =>
    ACTS[name]({ me: load.callers[0], chance, clock });

/** Long enough for every lease to end, and for what was given up to be told of after all. */
const AWAY_MS = 8000;

/** Agents go and come back. */
const away: Provocation = async ({ mesh }) => {
  for (const { line } of mesh.agents) line.hold();
  await mesh.clock.sleep(AWAY_MS);
  for (const { line } of mesh.agents) line.heal();
  await mesh.clock.sleep(AWAY_MS / 4);
};

const TEN_MINUTES: Unreached = { because: 'it takes ten minutes' };
const UNCHANGED: Unreached = { because: 'no agent here changes a tool that is gated' };
const COMMAND: Unreached = { because: 'a command of the host writes it, and no router' };

/** Every type of entry, and what has a router write one. */
const ENTRIES = {
  'invocation.created': LOAD,
  'invocation.queued': LOAD,
  'invocation.dispatched': LOAD,
  'invocation.started': LOAD,
  'invocation.cancel_requested': LOAD,
  'invocation.completed': LOAD,
  'invocation.failed': LOAD,
  'invocation.timeout': LOAD,
  'invocation.cancelled': LOAD,
  'invocation.rejected': LOAD,
  'execution.ended': LOAD,
  'execution.evidence': away,
  'execution.refused': standing.refuse,
  'approval.requested': LOAD,
  'approval.voted': by('votes'),
  'approval.approved': LOAD,
  'approval.rejected': LOAD,
  'approval.escalated': by('escalation'),
  'approval.link_created': by('link'),
  'approval.link_opened': by('link'),
  'approval.break_glass': by('glass'),
  'approval.expired': LOAD,
  'approval.withdrawn': LOAD,
  'agent.enrolled': attacks.names,
  'agent.online': away,
  'agent.offline': away,
  'agent.conflict': standing.clash,
  'agent.conflict_resolved': standing.clash,
  'agent.evicted': standing.putOut('agent.evict'),
  'agent.banned': standing.putOut('agent.ban'),
  'agent.paused': by('agents'),
  'agent.resumed': by('agents'),
  'agent.updated': by('agents'),
  'agent.retired': standing.replace,
  'agent.manifest_changed': by('workspaces'),
  'agent.key_rotation_started': by('rotation'),
  'agent.key_rotation_admitted': by('rotation'),
  'agent.key_rotation_dropped': standing.dropRotation,
  'agent.key_rotated': by('rotation'),
  'agent.manifest_accepted': UNCHANGED,
  'agent.protocol_violation': attacks.meddle,
  'workspace.created': by('workspaces'),
  'workspace.updated': by('workspaces'),
  'workspace.bound': by('workspaces'),
  'workspace.unbound': by('workspaces'),
  'workspace.paused': by('workspaces'),
  'workspace.resumed': by('workspaces'),
  'join_key.created': by('joinKeys'),
  'join_key.reserved': attacks.names,
  'join_key.confirmed': attacks.names,
  'join_key.lapsed': TEN_MINUTES,
  'join_key.refused': attacks.race,
  'join_key.revoked': by('joinKeys'),
  'principal.created': by('keys'),
  'principal.updated': by('keys'),
  'principal.signed_in': { because: 'nobody here signs in with a browser' },
  'principal.signed_out': { because: 'nobody here signs in with a browser' },
  'api_key.created': by('keys'),
  'api_key.updated': by('keys'),
  'api_key.rotated': by('keys'),
  'api_key.revoked': by('keys'),
  'policy.created': by('policies'),
  'policy.updated': by('policies'),
  'policy.deleted': by('policies'),
  'export.created': by('exports'),
  'maintenance.created': by('windows'),
  'maintenance.updated': by('windows'),
  'maintenance.started': by('windows'),
  'maintenance.completed': by('windows'),
  'maintenance.cancelled': by('windows'),
  'webhook.created': by('webhooks'),
  'webhook.updated': by('webhooks'),
  'webhook.deleted': by('webhooks'),
  'webhook.rotated': by('webhooks'),
  'webhook.redelivered': { because: 'nobody here asks for a delivery once more' },
  'project.created': COMMAND,
  'project.updated': by('project'),
  'project.credited': by('project'),
  'project.paused': by('projectPause'),
  'project.resumed': by('projectPause'),
  'project.restored': COMMAND,
} as const satisfies Record<EntryType, Provocation | Unreached>;

/** Writes that no entry tells of, and what a router does them for. */
const QUIET = {
  'delivery.made': by('webhooks'),
  'delivery.recorded': by('webhooks'),
  'journal.cut': {
    because: 'entries go after a day at the earliest; a test of its own has a clock for that',
  },
} as const satisfies Record<(typeof QUIET_WRITES)[number], Provocation | Unreached>;

type Sent<Side> = {
  [Kind in FrameKind]: Side extends (typeof FRAMES)[Kind]['from'][number] ? Kind : never;
}[FrameKind];

const ROUTER_FRAMES = {
  enrolled: attacks.names,
  challenge: LOAD,
  welcome: LOAD,
  refused: attacks.forgedHello,
  goodbye: { because: 'a router says it when it stops by itself' },
  lease_ack: LOAD,
  dispatch: LOAD,
  credit: LOAD,
  result_ack: LOAD,
  cancel: LOAD,
  pause: by('agents'),
  resume: by('agents'),
  conflict: standing.clash,
  rotate_curve: by('rotation'),
  rotate_commit: by('rotation'),
} as const satisfies Record<Sent<'router'>, Provocation | Unreached>;

const AGENT_FRAMES = {
  enroll: { because: 'an agent enrols before it has anything to lose' },
  connect: LOAD,
  hello: LOAD,
  goodbye: by('rotation'),
  lease_renewal: LOAD,
  accept: LOAD,
  refuse: { because: 'a router asks nothing of an agent that it has to refuse' },
  output: LOAD,
  result: LOAD,
  rotate_ack: by('rotation'),
} as const satisfies Record<Sent<'agent'>, Provocation | Unreached>;

/** A point at which something can be made to die. */
export interface ReachedPoint {
  readonly point: string;
  readonly provoke: Provocation;
}

/** The points before and after each of these, but for those that nothing comes to. */
const around = (
  what: string,
  rows: Readonly<Record<string, Provocation | Unreached>>,
): readonly ReachedPoint[] =>
  Object.entries(rows).flatMap(([name, provoke]) =>
    'because' in provoke
      ? []
      : ['before', 'after'].map((when) => ({ point: `${when}-${what}:${name}`, provoke })),
  );

const loaded = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, LOAD]));

const TOOLS = ['demo_effect', 'demo_wipe', 'demo_echo', 'demo_sleep', 'demo_flood'];

/** The points at which a router can be made to die. */
export const ROUTER_POINTS: readonly ReachedPoint[] = [
  ...around('commit', ENTRIES),
  ...around('commit', QUIET),
  ...around('post', { webhook: by('webhooks') }),
  ...around('send', ROUTER_FRAMES),
];

/** Tells whether the load alone comes to a point. */
export const isLoaded = ({ provoke }: ReachedPoint): boolean => provoke === LOAD;

/** The points at which an agent can be made to die. */
export const AGENT_POINTS: readonly ReachedPoint[] = [
  ...around('send', AGENT_FRAMES),
  ...around('spawn', loaded(TOOLS)),
  ...TOOLS.map((tool) => ({ point: `after-exit:${tool}`, provoke: LOAD })),
  ...around('note', loaded(['accepted', 'ended', 'acknowledged'])),
];
