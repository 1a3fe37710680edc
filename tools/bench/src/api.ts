import type { BenchMesh } from './mesh.ts';

/** A request to a mesh. A body makes it a POST. */
interface Ask {
  readonly path: string;
  readonly body?: object;
  /** Whose key: the operator's unless said otherwise. */
  readonly as?: keyof BenchMesh['keys'];
  /** How long a call may be waited for, in seconds. */
  readonly waitSeconds?: number;
}

/** Asks a mesh something below `/v1/exec`. @throws Error when it is refused */
export async function ask(
  { router_url: url, keys }: Pick<BenchMesh, 'router_url' | 'keys'>,
  { path, body, as = 'operator', waitSeconds }: Ask,
): Promise<unknown> {
  const answer = await fetch(`${url}/v1/exec/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${keys[as]}`,
      'content-type': 'application/json',
      ...(waitSeconds && { prefer: `wait=${waitSeconds}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
