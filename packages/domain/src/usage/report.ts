import { ExecError } from '@xem/errors';
import {
  DAY_MS,
  WorkspaceId,
  type ParsedInputOf,
  type reportUsage,
  type UsageReport,
  type UsageSums,
} from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { UsageTotals } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { USAGE_READER } from './roll-up.ts';

type Query = ParsedInputOf<typeof reportUsage>;
type Span = Pick<UsageReport, 'from' | 'to'>;

const DAYS_DEFAULT = 30;
const DAYS_MAX = 366;

const dayOf = (ms: number): string => toTimestamp(ms).slice(0, 10);

/** The days of a report, the last thirty unless said. @throws ExecError invalid_body */
function spanOf({ clock }: VerbContext, query: Query): Span {
  const to = query.to ?? dayOf(clock.now());
  const from = query.from ?? dayOf(Date.parse(to) - (DAYS_DEFAULT - 1) * DAY_MS);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days >= 1 && days <= DAYS_MAX) return { from, to };
  const message =
    days < 1 ? 'from: must not be after to' : `from: a report spans ${DAYS_MAX} days at most, not ${days}`;
  throw new ExecError('invalid_body', message, { param: 'from' });
}

const presentSums = ({ runMs, outputBytes, ...sums }: Omit<UsageTotals, 'key'>): UsageSums => ({
  ...sums,
  run_ms: runMs,
  output_bytes: outputBytes,
});

const presentRow = ({ key, ...sums }: UsageTotals, by: Query['group_by']) => ({
  day: by === 'day' ? key : null,
  tool: by === 'tool' ? key : null,
  workspace_id: by === 'workspace' ? WorkspaceId.parse(key) : null,
  ...presentSums(sums),
});

/** What the project used, from the ends of its calls as far as they are summed up. @throws ExecError invalid_body */
export async function report(ctx: VerbContext, query: Query): Promise<UsageReport> {
  const { usage, cursors } = ctx.store.read;
  const span = spanOf(ctx, query);
  const filter = { ...span, workspaceId: query.workspace_id, tool: query.tool };
  const rows = await usage.sums(ctx.projectId, { ...filter, by: query.group_by });
  const [total] = await usage.sums(ctx.projectId, { ...filter, by: 'all' });
  if (!total) throw new Error('a sum over everything has a row');
  const { key: _key, ...totals } = total;
  return {
    object: 'usage',
    ...span,
    group_by: query.group_by,
    rows: rows.map((row) => presentRow(row, query.group_by)),
    totals: presentSums(totals),
    as_of_seq: await cursors.get(USAGE_READER, ctx.projectId),
  };
}
