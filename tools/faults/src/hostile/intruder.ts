import {
  curvePairFromSecret,
  enrollOnce,
  openAgentLink,
  signerFromSeed,
  type AgentLink,
  type AgentLinkOptions,
  type CurvePair,
  type MeshNetwork,
  type Signer,
} from '@xem/mesh';
import {
  AgentId,
  hashJson,
  JoinKey,
  type Manifest,
  WorkspaceId,
  type EnrolledBody,
  type HostReport,
} from '@xem/protocol';
import { silentLog, systemIds } from '@xem/runtime';
import type { World } from '../scenario/world.ts';

const ENROLL_MS = 10_000;

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

/** Somebody with keys of their own who speaks the protocol and does not mean well. */
export interface Intruder {
  readonly curve: CurvePair;
  readonly signer: Signer;
  readonly name: string;
  readonly manifest: Manifest;
}

/** Fresh keys and a fresh name; `tools` is what it offers, nothing by default. */
export function makeIntruder({ chance, mesh }: World, tools: Manifest['tools'] = []): Intruder {
  const workspaces = tools.length === 0 ? [] : [{ id: WorkspaceId.parse(mesh.tenants[0].workspace) }];
  return {
    curve: curvePairFromSecret(chance.bytes(32)),
    signer: signerFromSeed(chance.bytes(32)),
    name: `intruder-${chance.bytes(6).toString('hex')}`,
    manifest: { manifest_version: 1, workspaces, tools },
  };
}

/** Mints a join key of the first project, as its operator does. */
export async function mintJoinKey({ mesh }: World, body: object = {}): Promise<JoinKey> {
  const [{ humans }] = mesh.tenants;
  const request = { method: 'POST', path: '/v1/management/join-keys', key: humans[0], body } as const;
  return JoinKey.parse((await mesh.direct(request)).body);
}

interface Enrolling {
  readonly joinKey: JoinKey;
  readonly network?: MeshNetwork;
}

/** Asks to enrol with a join key, whatever it is worth. */
export const enrolAs = (
  { mesh: { clock } }: World,
  { name, manifest, ...keys }: Intruder,
  { joinKey, network }: Enrolling,
): Promise<EnrolledBody> =>
  enrollOnce({
    ...keys,
    clock,
    endpoint: joinKey.enroll_endpoint,
    routerCurveKey: joinKey.router_curve_key,
    timeoutMs: ENROLL_MS,
    ...(network && { network }),
    request: {
      join_key: joinKey.value ?? '',
      registration_name: name,
      agent_version: '0.0.0',
      host: HOST,
      manifest,
    },
  });

/** An intruder that was let in. */
export interface Insider {
  readonly who: Intruder;
  readonly joinKey: JoinKey;
  readonly agentId: AgentId;
}

/** Gets an intruder in by the door: a join key that is good. @throws Error when it is refused */
export async function letIn(world: World, who = makeIntruder(world)): Promise<Insider> {
  const joinKey = await mintJoinKey(world, { workspaces: who.manifest.workspaces.map(({ id }) => id) });
  const answer = await enrolAs(world, who, { joinKey });
  if (!answer.ok) throw new Error(`a good join key was refused: ${answer.code}`);
  return { who, joinKey, agentId: AgentId.parse(answer.agent_id) };
}

const quiet = (): void => undefined;

type Habits = Partial<Pick<AgentLinkOptions, 'onWelcome' | 'onFrame' | 'onLost' | 'onRejected' | 'network'>>;

/** Dials the data socket and says hello as an agent, whoever that is. */
export function dialAs(
  { mesh: { clock, ports } }: World,
  { who, joinKey, agentId }: Insider,
  habits: Habits = {},
): AgentLink {
  const { curve, signer, manifest } = who;
  const ids = systemIds(clock);
  return openAgentLink({
    endpoints: [`tcp://127.0.0.1:${ports.data}`],
    routerCurveKey: joinKey.router_curve_key,
    routerSigningKey: joinKey.router_signing_key,
    curves: () => [curve],
    signer,
    agentId,
    clock,
    ids,
    log: silentLog,
    hello: () => ({
      journal_id: ids.hex(),
      agent_version: '0.0.0',
      manifest_version: manifest.manifest_version,
      manifest_hash: hashJson(manifest),
      host: HOST,
      unacknowledged: [],
    }),
    onWelcome: quiet,
    onFrame: quiet,
    onLost: quiet,
    onRejected: quiet,
    ...habits,
  });
}

/** Waits for something. @throws Error naming what did not come to pass */
export async function until({ mesh: { clock } }: World, what: string, holds: () => boolean): Promise<void> {
  const endsAt = clock.monotonic() + 20_000;
  while (!holds()) {
    if (clock.monotonic() > endsAt) throw new Error(`${what} did not come to pass`);
    await clock.sleep(20);
  }
}
