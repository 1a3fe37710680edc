import { invocationMachine, type InvocationStatus } from '@xem/protocol';
import type { InvocationRecord, KeyHolder, Position, WriteTx } from '@xem/store';
import type { ProjectContext } from '../context.ts';
import type { Fact } from '../mutate.ts';
import { stopCall } from './cancel.ts';

const EVENT = 'revokeRequester';
const PAGE = 500;

const CAUSE = {
  code: 'requester_revoked',
  message: 'whoever asked for this call lost the right to before it ran',
} as const;

async function waitingCalls(
  tx: WriteTx,
  { projectId, principalId, keyId: id }: KeyHolder & Pick<ProjectContext, 'projectId'>,
  status: InvocationStatus,
): Promise<readonly InvocationRecord[]> {
  const calls: InvocationRecord[] = [];
  let after: Position | undefined;
  do {
    const filter = { status, requestedBy: principalId };
    const page = await tx.invocations.list(projectId, filter, { limit: PAGE, after });
    calls.push(...page.filter(({ keyId }) => id === undefined || keyId === id));
    after = page.length < PAGE ? undefined : page.at(-1);
  } while (after);
  return calls;
}

/** Cancels the calls of a principal, or of one of their keys, that wait, for an approval or an agent; what runs goes on. */
export async function cancelCallsOf(
  ctx: ProjectContext,
  tx: WriteTx,
  holder: KeyHolder,
): Promise<readonly Fact[]> {
  const { projectId } = ctx;
  const calls = [];
  for (const status of invocationMachine.arrows[EVENT].from)
    calls.push(...(await waitingCalls(tx, { projectId, ...holder }, status)));
  const facts: Fact[] = [];
  for (const call of calls)
    facts.push(
      ...(await stopCall(ctx, tx, { call, event: EVENT, cause: CAUSE, reason: CAUSE.message })).facts,
    );
  return facts;
}
