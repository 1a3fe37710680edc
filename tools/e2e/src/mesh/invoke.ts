import { Approval, Execution, Invocation, INVOCATION_TERMINAL } from '@xem/protocol';
import { expect } from 'vitest';
import { call, type Role } from './api.ts';
import { until, type Mesh } from './mesh.ts';

interface Asking {
  readonly tool: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly as?: Role;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Asks for a call over HTTP, and expects it to be let in. */
export async function ask(
  mesh: Mesh,
  { tool, args = {}, as = 'service', headers = {}, timeoutMs }: Asking,
): Promise<Invocation> {
  const body = {
    workspace_id: mesh.facts.workspace_id,
    tool,
    args,
    ...(timeoutMs && { timeout_ms: timeoutMs }),
  };
  const answer = await call(mesh, { method: 'POST', path: '/v1/exec/invocations', as, body, headers });
  expect([200, 201, 202], JSON.stringify(answer.body)).toContain(answer.status);
  return Invocation.parse(answer.body);
}

/** Asks for a call and waits for its end, longer than the router would if need be. */
export async function run(mesh: Mesh, asking: Asking): Promise<Invocation> {
  const answer = await ask(mesh, { ...asking, headers: { prefer: 'wait=60', ...asking.headers } });
  return INVOCATION_TERMINAL.has(answer.status) ? answer : settled(mesh, answer.id);
}

/** Reads an invocation, by default when it has ended. */
export async function read(mesh: Mesh, id: string, prefer = 'wait=0'): Promise<Invocation> {
  const answer = await call(mesh, { path: `/v1/exec/invocations/${id}`, headers: { prefer } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return Invocation.parse(answer.body);
}

/** Waits until an invocation is in one of some states. */
export async function reach(
  mesh: Mesh,
  id: string,
  statuses: readonly Invocation['status'][],
): Promise<Invocation> {
  let seen = await read(mesh, id);
  await until(`${statuses.join(' or ')} of invocation ${id} (${seen.status})`, async () => {
    seen = await read(mesh, id);
    return statuses.includes(seen.status);
  });
  return seen;
}

/** Waits for the end of an invocation, whatever it is. */
export const settled = (mesh: Mesh, id: string): Promise<Invocation> =>
  reach(mesh, id, [...INVOCATION_TERMINAL]);

/** Reads an execution. */
export async function execution(mesh: Mesh, id: string): Promise<Execution> {
  const answer = await call(mesh, { path: `/v1/exec/executions/${id}` });
  expect(answer.status).toBe(200);
  return Execution.parse(answer.body);
}

/** Decides an approval over HTTP and answers what came back. */
export const decide = (
  mesh: Mesh,
  id: string,
  {
    verb,
    as = 'approver',
    body = {},
  }: { readonly verb: 'approve' | 'reject'; readonly as?: Role; readonly body?: unknown },
) => call(mesh, { method: 'POST', path: `/v1/exec/approvals/${id}/${verb}`, as, body });

/** The approval that an invocation waits for. */
export async function approvalOf(
  mesh: Mesh,
  { approval }: Invocation,
  as: Role = 'approver',
): Promise<Approval> {
  const answer = await call(mesh, { path: `/v1/exec/approvals/${approval?.id}`, as });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return Approval.parse(answer.body);
}
