import { sha256Hex, type Execution, type Invocation } from '@xem/protocol';
import { call, send, type Role } from '../mesh/api.ts';
import { enrolAs, intruder, mintJoinKey } from '../mesh/intruder.ts';
import { ask, run } from '../mesh/invoke.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { operationOf, writeRequest } from '../operation/write-request.ts';

type Input = Readonly<Record<string, unknown>>;
type Made = Readonly<Record<string, unknown>>;

/** What requests of every operation can be made from: a mesh, and hands that make what they name. */
export interface Ground {
  readonly mesh: Mesh;
  readonly workspace: string;
  readonly agent: string;
  /** Carries an operation out, expects success, and answers the object. */
  readonly make: (id: string, input: Input) => Promise<Made>;
  /** The id of an object that an operation makes. */
  readonly idOf: (id: string, input: Input) => Promise<string>;
  /** A call that has ended. */
  readonly ended: () => Promise<Invocation>;
  /** A call that waits for a person. */
  readonly gated: () => Promise<Invocation>;
  /** An agent that nobody needs. */
  readonly spare: () => Promise<string>;
  /** Closes something when nobody is on the ground any more. */
  readonly atEnd: (close: () => void) => void;
}

/** Sends a request for an operation. Of a stream that goes on for ever no more than the beginning is read. */
export async function carryOut(
  mesh: Mesh,
  id: string,
  { input, as = 'operator' }: { readonly input: Input; readonly as?: Role },
): Promise<{ readonly status: number; readonly body: unknown }> {
  const operation = operationOf(id);
  const request = { ...writeRequest(operation, input), as };
  if (operation.answers !== 'stream') return call(mesh, request);
  const enough = new AbortController();
  const { status } = await send(mesh, { ...request, signal: enough.signal });
  enough.abort();
  return { status, body: null };
}

const SUCCESSES: ReadonlySet<number> = new Set([200, 201]);

/** Makes the ground on a mesh; `atEnd` is told what to close at its end. */
export function groundOf(mesh: Mesh, atEnd: Ground['atEnd']): Ground {
  const make: Ground['make'] = async (id, input) => {
    const { status, body } = await carryOut(mesh, id, { input });
    if (!SUCCESSES.has(status)) throw new Error(`${id} answered ${status}: ${JSON.stringify(body)}`);
    return { ...Object(body) };
  };
  return {
    mesh,
    atEnd,
    workspace: mesh.facts.workspace_id,
    agent: mesh.facts.agent_ids[0] ?? '',
    make,
    idOf: async (id, input) => String((await make(id, input))['id']),
    ended: () => run(mesh, { tool: 'demo_echo', args: { n: 1 } }),
    gated: () => ask(mesh, { tool: 'demo_effect' }),
    spare: async () => {
      const who = intruder();
      const name = `spare-${sha256Hex(who.signer.publicKey).slice(0, 12)}`;
      const enrolled = await enrolAs(who, name, await mintJoinKey(mesh, { name }));
      if (!enrolled.ok) throw new Error(`${name} was not let in: ${enrolled.code}`);
      return enrolled.agent_id;
    },
  };
}

/** An execution of a call that has ended. */
export const executionOf = ({ execution_id: id }: Invocation): Execution['id'] => {
  if (id === null) throw new Error('the call was never dispatched');
  return id;
};
