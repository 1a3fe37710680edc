import { approval, invocation, type VerbContext } from '@xem/domain';
import { ExecError } from '@xem/errors';
import {
  approveApproval,
  cancelInvocation,
  createInvocation,
  rejectApproval,
  type Invocation,
  type WorkspaceId,
} from '@xem/protocol';
import type { SimulatedRouter } from './router.ts';

/** A call as its client knows it. */
export interface Request {
  /** Its idempotency key. */
  readonly key: string;
  readonly tool: string;
  readonly args: { readonly n: number };
  /** What the router answered, if it did. */
  answer: Invocation | null;
  /** That somebody asked for it, whether or not that was answered. */
  approved: boolean;
  rejected: boolean;
}

/** What people do with a call. Nothing of it is waited for. */
export interface RequestActs {
  send(request: Request): void;
  approve(request: Request): void;
  reject(request: Request): void;
  cancel(request: Request): void;
}

/** Who acts where. */
export interface ActParts {
  readonly router: SimulatedRouter;
  readonly keys: { readonly service: string; readonly operator: string };
  readonly workspaceId: WorkspaceId;
  /** Something went wrong that may not. */
  readonly complain: (what: string) => void;
}

/** Refusals that a client of a mesh with faults must live with. */
const EXPECTED: ReadonlySet<string> = new Set([
  'unavailable',
  'exec_tool_not_found',
  'invocation_terminal',
  'approval_not_pending',
  'approval_stale',
]);

type Work = (ctx: VerbContext) => Promise<void>;

async function create(
  ctx: VerbContext,
  { workspaceId, complain }: ActParts,
  request: Request,
): Promise<void> {
  const { tool, args } = request;
  const draft = createInvocation.input.parse({ workspace_id: workspaceId, tool, args });
  const admission = await invocation.create(ctx, draft);
  if (admission.kind === 'planned') return complain('a call was planned and not made');
  const before = request.answer;
  request.answer ??= admission.body;
  if (before && before.id !== admission.body.id) complain(`${request.key} made two invocations`);
}

/** The acts of the service and the operator of a world. */
export function createActs(parts: ActParts): RequestActs {
  const { router, keys, complain } = parts;
  const excuse = (err: unknown): void => {
    if (err instanceof ExecError && EXPECTED.has(err.code)) return;
    complain(`a client got ${err instanceof Error ? err.message : 'something odd'}`);
  };
  const act = (key: string, work: Work, idempotencyKey?: string): void => {
    if (router.services()) router.as(key, idempotencyKey).then(work).catch(excuse);
  };
  return {
    send: (request) => act(keys.service, (ctx) => create(ctx, parts, request), request.key),
    approve: (request) => {
      const id = request.answer?.approval?.id;
      if (!id) return;
      request.approved = true;
      const input = approveApproval.input.parse({ id, confirm: request.tool });
      act(keys.operator, async (ctx) => void (await approval.approve(ctx, input)));
    },
    reject: (request) => {
      const id = request.answer?.approval?.id;
      if (!id) return;
      request.rejected = true;
      const input = rejectApproval.input.parse({ id });
      act(keys.operator, async (ctx) => void (await approval.reject(ctx, input)));
    },
    cancel: ({ answer }) => {
      if (!answer) return;
      const input = cancelInvocation.input.parse({ id: answer.id });
      act(keys.service, async (ctx) => void (await invocation.cancel(ctx, input)));
    },
  };
}
