import type { HttpDriver } from '../load/driver.ts';
import type { BenchMesh } from '../mesh.ts';

type Target = Pick<BenchMesh, 'router_url' | 'workspace_id'> & {
  readonly keys: { readonly service: string };
};

/** A governed call of a tool, with an idempotency key of its own, waited for until it has ended. */
export const governedCall = (
  { router_url: url, workspace_id: id, keys }: Target,
  tool: string,
): HttpDriver => ({
  kind: 'http',
  url: `${url}/v1/exec/invocations`,
  headers: {
    authorization: `Bearer ${keys.service}`,
    'content-type': 'application/json',
    prefer: 'wait=30',
  },
  body: [`{"workspace_id":"${id}","tool":"${tool}","args":{"n":`, '}}'],
  expects: ['"status":"completed"'],
  keyHeader: 'idempotency-key',
});

/** The same of `demo_noop`, which answers its arguments: those of the very call must come back. */
export const noopCall = (target: Target): HttpDriver => ({
  ...governedCall(target, 'demo_noop'),
  expects: [String.raw`"output":{"text":"{\"n\":`, '}"'],
});
