import { listApprovalLinks, type ApprovalLink, type Page, type ParsedInputOf } from '@xem/protocol';
import type { ApprovalLinkRecord, Position, Slice } from '@xem/store';
import { authorizeDecision } from '../approval/authorize-decision.ts';
import { loadOver, type Over } from '../approval/load.ts';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { callerByLink } from './caller.ts';
import { peopleOf } from './people.ts';
import { presentLink } from './present.ts';

/** What a link is good for now: that is derived, and judged as its vote would be. */
async function statusOf(
  ctx: VerbContext,
  row: ApprovalLinkRecord,
  over: Over,
): Promise<ApprovalLink['status']> {
  const now = ctx.clock.now();
  if (row.usedAt !== null) return 'used';
  if (row.expiresAt <= now) return 'expired';
  const people = await peopleOf(ctx.store.read.access, row, now);
  const may = people && authorizeDecision({ ...over, caller: callerByLink(row, people), now });
  return may?.eligible ? 'active' : 'ended';
}

const isAfter = (row: Position, { createdAt, id }: Position): boolean =>
  row.createdAt < createdAt || (row.createdAt === createdAt && row.id < id);

const cut = (rows: readonly ApprovalLinkRecord[], { limit, after }: Slice): readonly ApprovalLinkRecord[] =>
  rows.filter((row) => !after || isAfter(row, after)).slice(0, limit);

/** Lists the links to an approval, newest first, without their tokens. @throws ExecError approval_not_found */
export async function list(
  ctx: VerbContext,
  { id, limit, after }: ParsedInputOf<typeof listApprovalLinks>,
): Promise<Page<ApprovalLink>> {
  const over = await loadOver(ctx, ctx.store.read, id);
  const rows = await ctx.store.read.approvalLinks.ofApproval(ctx.projectId, id);
  const page = await readPage(
    { projectId: ctx.projectId, route: listApprovalLinks.id, filter: { id } },
    { limit, after },
    { rows: async (slice) => cut(rows, slice), position: positionOf, present: (row) => row },
  );
  const data = await Promise.all(
    page.data.map(async (row) => presentLink(row, await statusOf(ctx, row, over))),
  );
  return { ...page, data };
}
