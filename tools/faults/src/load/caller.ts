import { Approval, Invocation, JournalVerification } from '@xem/protocol';
import { z } from 'zod';
import { hashOf, sha256 } from '../check/hash.ts';
import type { LedgerLine } from '../evidence/ledger.ts';
import type { Answer, Request } from '../harness/api.ts';
import type { Mesh, Tenant } from '../harness/mesh.ts';

const List = z.object({ data: z.array(z.object({ id: z.string() })) });

/** What a caller asks for. */
export interface Wish {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string;
  readonly timeoutMs?: number;
}

/** Counts of what was asked and what came of it. */
export interface Tally {
  calls: number;
  answers: number;
  refusals: number;
  silences: number;
}

/** What callers need of a mesh, wherever it runs. */
export type Reachable = Pick<Mesh, 'call' | 'clock' | 'tenants'>;

/** Somebody of a project who asks over HTTP and writes down every answer. */
export interface Caller {
  readonly mesh: Reachable;
  readonly tenant: Tenant;
  readonly ledger: LedgerLine[];
  readonly tally: Tally;
}

const PAUSE_MS = 100;
const TRIES = 20;
const TAKEN = new Set([200, 201, 202]);
const LISTS = ['invocations', 'executions', 'approvals', 'agents', 'journal'];

/** Sends a request, and counts what came of it; null when no answer came. */
export async function send({ mesh, tally }: Caller, request: Request): Promise<Answer | null> {
  tally.calls += 1;
  try {
    const answer = await mesh.call(request);
    if (answer.status < 400) tally.answers += 1;
    else tally.refusals += 1;
    return answer;
  } catch {
    tally.silences += 1;
    return null;
  }
}

/** What every line of the ledger says. */
const stamp = ({ mesh, tenant }: Caller) => ({ project: tenant.project, at: mesh.clock.now() });

function noteCall(me: Caller, body: unknown): Invocation {
  const call = Invocation.parse(body);
  me.ledger.push({ kind: 'saw', ...stamp(me), invocation_id: call.id, status: call.status });
  return call;
}

function createOnce(me: Caller, { tool, args, idempotencyKey, timeoutMs }: Wish): Promise<Answer | null> {
  const { workspace, caller: key } = me.tenant;
  return send(me, {
    method: 'POST',
    path: '/v1/exec/invocations',
    key,
    body: { workspace_id: workspace, tool, args, ...(timeoutMs && { timeout_ms: timeoutMs }) },
    headers: { 'idempotency-key': idempotencyKey },
  });
}

function noteCreated(me: Caller, { tool, args, idempotencyKey }: Wish, body: unknown): Invocation {
  const call = noteCall(me, body);
  me.ledger.push({
    kind: 'created',
    ...stamp(me),
    invocation_id: call.id,
    tool,
    args_sha256: hashOf(args),
    idempotency_key: idempotencyKey,
  });
  return call;
}

/** Asks, again with the same key until there is an answer; null when the mesh refuses, or the tries are over. */
export async function create(me: Caller, wish: Wish, tries = TRIES): Promise<Invocation | null> {
  for (let round = 0; round < tries; round += 1) {
    const answer = await createOnce(me, wish);
    if (answer && TAKEN.has(answer.status)) return noteCreated(me, wish, answer.body);
    if (answer && answer.status < 500) return null;
    await me.mesh.clock.sleep(PAUSE_MS);
  }
  return null;
}

/** Reads a call, waiting a while for its end. */
export async function look(me: Caller, id: string, waitSeconds = 0): Promise<Invocation | null> {
  const answer = await send(me, {
    path: `/v1/exec/invocations/${id}`,
    key: me.tenant.caller,
    headers: { prefer: `wait=${waitSeconds}` },
    timeoutMs: 5000 + waitSeconds * 1000,
  });
  return answer?.status === 200 ? noteCall(me, answer.body) : null;
}

/** Asks for the end of a call; answers the HTTP status, null when none came. */
export async function cancel(me: Caller, id: string): Promise<number | null> {
  const path = `/v1/exec/invocations/${id}/cancel`;
  const answer = await send(me, { method: 'POST', path, key: me.tenant.caller, body: {} });
  if (answer && TAKEN.has(answer.status)) noteCall(me, answer.body);
  return answer?.status ?? null;
}

/** A decision over a call, and whose key it carries. */
interface Decision {
  readonly call: Invocation;
  readonly key: string;
  readonly verb: 'approve' | 'reject' | 'break-glass';
  readonly body: object;
}

/** Decides as one of the project's humans; answers the HTTP status, null when none came. */
export function decide(me: Caller, call: Invocation, verb: 'approve' | 'reject'): Promise<number | null> {
  const { humans } = me.tenant;
  const body = verb === 'approve' ? { confirm: call.tool } : { reason: 'not today' };
  const key = humans[me.ledger.length % humans.length] ?? humans[0];
  return decideWith(me, { call, key, verb, body });
}

/** Decides with a key; answers the HTTP status, null when none came. */
export async function decideWith(me: Caller, { call, key, verb, body }: Decision): Promise<number | null> {
  const path = `/v1/exec/approvals/${call.approval?.id}/${verb}`;
  const answer = await send(me, { method: 'POST', path, key, body });
  if (answer?.status !== 200) return answer?.status ?? null;
  const { id, status } = Approval.parse(answer.body);
  me.ledger.push({ kind: 'decided', ...stamp(me), approval_id: id, status });
  return answer.status;
}

/** Reads a stream of an execution, every byte of it. */
export async function readBytes(
  me: Caller,
  execution_id: string,
  stream: 'stdout' | 'stderr',
): Promise<void> {
  const path = `/v1/exec/executions/${execution_id}/raw?stream=${stream}`;
  const answer = await send(me, { path, key: me.tenant.caller, timeoutMs: 30_000 });
  if (answer?.status !== 200) return;
  const { bytes } = answer;
  me.ledger.push({
    kind: 'read',
    ...stamp(me),
    execution_id,
    stream,
    bytes: bytes.length,
    sha256: sha256(bytes),
  });
}

/** Lists what is there, and keeps the head of the chain. @throws Error when the journal does not verify */
export async function inspect(me: Caller): Promise<void> {
  const [key] = me.tenant.humans;
  for (const list of LISTS) {
    const answer = await send(me, { path: `/v1/exec/${list}?limit=100`, key });
    if (answer?.status !== 200) continue;
    const ids = List.parse(answer.body).data.map(({ id }) => id);
    me.ledger.push({ kind: 'shown', ...stamp(me), ids });
  }
  const answer = await send(me, { path: '/v1/exec/journal/verify', key, timeoutMs: 30_000 });
  if (answer?.status !== 200) return;
  const { ok, head, first_bad_seq } = JournalVerification.parse(answer.body);
  if (!ok)
    throw new Error(`the journal of ${me.tenant.project} says itself that entry ${first_bad_seq} is bad`);
  me.ledger.push({ kind: 'head', ...stamp(me), ...head });
}

/** Asks for a thing of somebody else’s. */
export async function trespass(me: Caller, path: string): Promise<void> {
  const answer = await send(me, { path, key: me.tenant.caller });
  if (!answer || answer.status >= 500) return;
  me.ledger.push({ kind: 'trespassed', ...stamp(me), path, http: answer.status });
}
