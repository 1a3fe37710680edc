import {
  curvePairFromSecret,
  enrollOnce,
  openAgentLink,
  signerFromSeed,
  type AgentLink,
  type AgentLinkOptions,
  type CurvePair,
  type Signer,
} from '@xem/mesh';
import { AgentId, JoinKey, sha256Hex, type EnrolledBody, type HostReport } from '@xem/protocol';
import { silentLog, systemClock, systemIds } from '@xem/runtime';
import { expect } from 'vitest';
import { call } from './api.ts';
import type { Mesh } from './mesh.ts';

const clock = systemClock();
const ids = systemIds(clock);
const ENROLL_MS = 10_000;
const NO_MANIFEST = sha256Hex('none');

const HOST: HostReport = {
  os: 'linux',
  arch: 'x64',
  kernel: 'none',
  hostname: 'intruder',
  node_version: '24.0.0',
  agent_version: '0.0.0',
  providers: [],
  sandbox: [],
  limits: { max_concurrent_executions: 1, memory_bytes: null, cpus: 1 },
};

/** Somebody with keys of their own who speaks the protocol and may not mean well. */
export interface Intruder {
  readonly curve: CurvePair;
  readonly signer: Signer;
}

/** Fresh keys that no router knows. */
export const intruder = (): Intruder => ({
  curve: curvePairFromSecret(ids.bytes(32)),
  signer: signerFromSeed(ids.bytes(32)),
});

/** Mints a join key as the operator does. */
export async function mintJoinKey(mesh: Mesh, body: object = {}): Promise<JoinKey> {
  const answer = await call(mesh, { method: 'POST', path: '/v1/management/join-keys', body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return JoinKey.parse(answer.body);
}

/** How a request to enrol looks. */
export interface Application {
  readonly name: string;
  readonly joinKey: Pick<JoinKey, 'value' | 'enroll_endpoint' | 'router_curve_key'>;
  readonly manifest?: unknown;
}

const EMPTY_MANIFEST = { manifest_version: 1, workspaces: [], tools: [] };

/** Asks to enrol with a join key, whatever it is worth. */
export const enrolAs = (who: Intruder, name: string, joinKey: JoinKey): Promise<EnrolledBody> =>
  applyAs(who, { name, joinKey });

/** Asks to enrol with a request of any kind. */
export function applyAs(
  who: Intruder,
  { name, joinKey, manifest = EMPTY_MANIFEST }: Application,
): Promise<EnrolledBody> {
  return enrollOnce({
    endpoint: joinKey.enroll_endpoint,
    routerCurveKey: joinKey.router_curve_key,
    ...who,
    clock,
    timeoutMs: ENROLL_MS,
    request: {
      join_key: joinKey.value ?? '',
      registration_name: name,
      agent_version: '0.0.0',
      host: HOST,
      manifest,
    },
  });
}

type Heard = Pick<AgentLinkOptions, 'onWelcome' | 'onRejected' | 'onLost'>;

interface Dialling {
  readonly joinKey: JoinKey;
  readonly agentId: string;
  readonly heard: Partial<Heard>;
  /** Another way to the data socket. */
  readonly endpoint?: string;
  /** Of the manifest it enrolled with; one that nobody has unless said. */
  readonly manifestHash?: string;
}

const quiet = (): void => undefined;

/** Dials the data socket and says hello as an agent, whoever that is. */
export function dialAs(
  mesh: Mesh,
  who: Intruder,
  { joinKey, agentId, heard, endpoint, manifestHash = NO_MANIFEST }: Dialling,
): AgentLink {
  return openAgentLink({
    endpoints: [endpoint ?? mesh.facts.data_endpoint],
    routerCurveKey: joinKey.router_curve_key,
    routerSigningKey: joinKey.router_signing_key,
    signer: who.signer,
    curves: () => [who.curve],
    agentId: AgentId.parse(agentId),
    clock,
    ids,
    log: silentLog,
    hello: () => ({
      journal_id: ids.hex(),
      agent_version: '0.0.0',
      manifest_version: 1,
      manifest_hash: manifestHash,
      host: HOST,
      unacknowledged: [],
    }),
    onWelcome: quiet,
    onFrame: quiet,
    onLost: quiet,
    onRejected: quiet,
    ...heard,
  });
}
