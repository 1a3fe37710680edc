import { enrollOnce, type MeshNetwork } from '@xem/mesh';
import {
  agentIdentity,
  openRecordedLink,
  testHello,
  type AgentIdentity,
  type RecordedLink,
} from '@xem/mesh/testing';
import { Manifest, manifestHash, type AgentId, type EnrolledBody } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import type { MeshWorld } from './mesh-world.ts';

const ROUTER = agentIdentity('router');
const ASKS_FOR_MS = 15_000;

/** A host that asks to enrol over the network in memory. */
export interface Newcomer {
  readonly keys: AgentIdentity;
  /** Asks until the router answers, by another network when one is given. */
  enrol(joinKey: string, network?: MeshNetwork): Promise<EnrolledBody>;
  /** Says hello as the agent it became. */
  dial(agentId: AgentId, network?: MeshNetwork): RecordedLink;
}

interface Wish {
  /** What its keys are made from. */
  readonly label: string;
  readonly name: string;
  /** What it publishes; no tools for no workspace unless said. */
  readonly manifest?: object;
}

const NOTHING = { manifest_version: 1, workspaces: [], tools: [] };

/** A host with keys of its own that wants a name. */
export function newcomer(world: MeshWorld, { label, name, manifest = NOTHING }: Wish): Newcomer {
  const { clock, mesh, services } = world;
  const keys = agentIdentity(label);
  const { agent_version, host } = testHello();
  return {
    keys,
    enrol: (joinKey, network = world.network) =>
      enrollOnce({
        ...keys,
        clock,
        network,
        endpoint: mesh.enrollEndpoint,
        routerCurveKey: ROUTER.curve.publicKey,
        timeoutMs: ASKS_FOR_MS,
        request: { join_key: joinKey, registration_name: name, agent_version, host, manifest },
      }),
    dial: (agentId, network = world.network) =>
      openRecordedLink({
        clock,
        network,
        ids: services.ids,
        agent: { ...keys, agentId },
        endpoints: [mesh.dataEndpoint],
        manifestHash: manifestHash(Manifest.parse(manifest)),
      }),
  };
}

const realTime = systemClock();

/**
 * What comes of something that needs time to pass. The clock of the world stands for as long as the machine needs to
 * check the signature of a join key, which it does beside the event loop.
 */
export async function after<T>({ clock }: Pick<MeshWorld, 'clock'>, promise: Promise<T>): Promise<T> {
  const state = { isOver: false };
  const over = (): void => void (state.isOver = true);
  promise.then(over, over);
  while (!state.isOver) {
    await clock.advance(1);
    await realTime.sleep(0);
  }
  return promise;
}
