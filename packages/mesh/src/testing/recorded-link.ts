import { hashJson, type UnacknowledgedAttempt, type WelcomeBody } from '@xem/protocol';
import { silentLog, type Clock, type IdSource } from '@xem/runtime';
import { openAgentLink } from '../agent/agent-link.ts';
import type { AgentLink, HelloDraft, LinkLoss, Rejection, RouterTime } from '../agent/contract.ts';
import type { CurvePair } from '../key/curve.ts';
import type { RouterFrame } from '../wire/direction.ts';
import type { MeshNetwork } from '../wire/transport.ts';
import { agentIdentity, type AgentIdentity } from './agent-identity.ts';
import { createBell } from './bell.ts';

/** Everything a recorded link was told, in order. */
export interface LinkRecord {
  readonly welcomes: {
    readonly welcome: WelcomeBody;
    readonly time: RouterTime;
    readonly curveKey: string;
  }[];
  readonly frames: RouterFrame[];
  readonly losses: LinkLoss[];
  readonly rejections: Rejection[];
}

export interface RecordedLinkOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly agent: AgentIdentity;
  /** The agent's own unless said. */
  readonly curves?: () => readonly CurvePair[];
  readonly endpoints: readonly string[];
  /** Of what it has published; of nothing unless said. */
  readonly manifestHash?: string;
  /** What it has not heard the end of, asked for at each hello; nothing unless said. */
  readonly unacknowledged?: () => readonly UnacknowledgedAttempt[];
  readonly network?: MeshNetwork;
  /** `agentIdentity('router')` by default, the identity of every recorded router. */
  readonly router?: AgentIdentity;
}

export interface RecordedLink {
  readonly link: AgentLink;
  readonly record: LinkRecord;
  /** Resolves once this holds; asked again after each thing the agent is told. */
  readonly until: (holds: (record: LinkRecord) => boolean) => Promise<void>;
}

/** What an agent of a test says of itself. */
export const testHello = (): HelloDraft => ({
  journal_id: '0'.repeat(24),
  agent_version: '0.1.0',
  manifest_version: 1,
  manifest_hash: hashJson({}),
  host: {
    os: 'linux',
    arch: 'x64',
    kernel: '6',
    hostname: 'host',
    node_version: '24',
    agent_version: '0.1.0',
    providers: [],
    sandbox: [],
    limits: { max_concurrent_executions: 4, memory_bytes: null, cpus: 2 },
  },
  unacknowledged: [],
});

/** Opens a link that records what it is told. */
export function openRecordedLink(options: RecordedLinkOptions): RecordedLink {
  const { clock, ids, agent, endpoints, network, manifestHash, router = agentIdentity('router') } = options;
  const record: LinkRecord = { welcomes: [], frames: [], losses: [], rejections: [] };
  const bell = createBell();
  const link = openAgentLink({
    agentId: agent.agentId,
    signer: agent.signer,
    curves: options.curves ?? (() => [agent.curve]),
    clock,
    ids,
    endpoints,
    log: silentLog,
    routerCurveKey: router.curve.publicKey,
    routerSigningKey: router.signer.publicKey,
    hello: () => ({
      ...testHello(),
      ...(manifestHash !== undefined && { manifest_hash: manifestHash }),
      unacknowledged: [...(options.unacknowledged?.() ?? [])],
    }),
    onWelcome: (welcome, time, curveKey) => (record.welcomes.push({ welcome, time, curveKey }), bell.ring()),
    onFrame: (frame) => (record.frames.push(frame), bell.ring()),
    onLost: (loss) => (record.losses.push(loss), bell.ring()),
    onRejected: (rejection) => (record.rejections.push(rejection), bell.ring()),
    ...(network ? { network } : {}),
  });
  return { link, record, until: (holds) => bell.until(() => holds(record)) };
}
