import { ROUTES } from '@xem/client';
import { TOOL_NAME_FORM, WORKSPACE_ID_FORM, type UsageReport } from '@xem/protocol';
import type { Column } from '../../render/table.ts';
import { sinceTime } from '../../time.ts';
import { command } from '../command.ts';
import { choice, id, text } from '../flag.ts';

type Row = UsageReport['totals'] & { readonly what: string };

const TITLES = { day: 'Day', tool: 'Tool', workspace: 'Workspace' } as const;

const columnsOf = (by: UsageReport['group_by']): readonly Column<Row>[] => [
  { title: TITLES[by], of: ({ what }) => what, room: 10 },
  { title: 'Calls', of: ({ calls }) => calls, room: 6 },
  { title: 'Completed', of: ({ completed }) => completed },
  { title: 'Failed', of: ({ failed }) => failed },
  { title: 'Timeout', of: ({ timeout }) => timeout },
  { title: 'Cancelled', of: ({ cancelled }) => cancelled },
  { title: 'Rejected', of: ({ rejected }) => rejected },
  { title: 'Credit', of: ({ credit }) => credit, room: 6 },
  { title: 'Seconds', of: ({ run_ms }) => Math.round(run_ms / 1000), wide: true },
  { title: 'Bytes', of: ({ output_bytes }) => output_bytes, wide: true },
];

const rowsOf = ({ rows, totals }: UsageReport): readonly Row[] => [
  ...rows.map((row) => ({ ...row, what: row.day ?? row.tool ?? row.workspace_id ?? '' })),
  { ...totals, what: 'Total' },
];

export const usage = command({
  about: 'Sums over the calls that ended on the days from --from to --to, both within, in UTC.',
  flags: {
    by: choice(['day', 'tool', 'workspace'], 'What to sum up by; day unless said'),
    from: text('TIME', 'From this day on: 2026-01-31, or 7d ago; 30 days unless said'),
    to: text('TIME', 'Up to this day; today unless said'),
    workspace: id(WORKSPACE_ID_FORM, 'Only in this workspace'),
    tool: id(TOOL_NAME_FORM, 'Only this tool'),
  },
  run: async (session, { flags }) => {
    const day = (word: string | undefined): string | undefined =>
      sinceTime(word, session.io.clock)?.slice(0, 'YYYY-MM-DD'.length);
    const { data } = await session.call(ROUTES['usage.report'], {
      group_by: flags.by,
      from: day(flags.from),
      to: day(flags.to),
      workspace_id: flags.workspace,
      tool: flags.tool,
    });
    if (session.print.forPrograms) return session.print.object(data);
    await session.print.rows(rowsOf(data), columnsOf(data.group_by));
  },
});
