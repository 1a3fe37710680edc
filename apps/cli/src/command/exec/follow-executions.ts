import { ROUTES } from '@xem/client';
import type { Execution, JournalEntry, Page } from '@xem/protocol';
import type { Session } from '../../session.ts';
import { watching } from '../../watching.ts';
import { EXECUTION_COLUMNS } from './columns.ts';

interface Filter {
  readonly status?: string | undefined;
  readonly tool?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly agent_id?: string | undefined;
  readonly invocation_id?: string | undefined;
}

const matches = (row: Execution, filter: Filter): boolean =>
  [
    [filter.status, row.status],
    [filter.tool, row.tool],
    [filter.workspace_id, row.workspace_id],
    [filter.agent_id, row.agent_id],
    [filter.invocation_id, row.invocation_id],
  ].every(([wanted, is]) => wanted === undefined || wanted === is);

/** Prints a page, oldest first, and then each run as it ends. Goes on until Ctrl-C or `--timeout`. */
export async function followExecutions(
  session: Session,
  { data }: Page<Execution>,
  filter: Filter,
): Promise<never> {
  const client = await session.client();
  const ended = async (entry: JournalEntry): Promise<void> => {
    const id = entry.refs.execution_id ?? entry.subject.id;
    const { data: row } = await client.call(ROUTES['execution.get'], { id });
    if (matches(row, filter)) await session.print.one(row, EXECUTION_COLUMNS);
  };
  await session.print.titles(EXECUTION_COLUMNS);
  for (const row of data.toReversed()) await session.print.one(row, EXECUTION_COLUMNS);
  return watching(session, { timeoutMs: session.flags.timeout ?? null }, async (signal) => {
    for await (const event of client.followJournal({ types: 'execution.ended' }, { signal }))
      if (event.kind === 'entry') await ended(event.entry);
    throw new Error('the journal has no end');
  });
}
