import { ROUTES } from '@xem/client';
import type { Execution, JournalEntry, Page } from '@xem/protocol';
import { toJsonLine, toYaml } from '../../render/document.ts';
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

/** Writes one thing of an endless list: a row, a line of JSON, or a YAML document. */
export async function printOne(session: Session, value: object, row: () => Promise<void>): Promise<void> {
  const { format } = session.print;
  if (format === 'json') await session.io.stdout.write(toJsonLine(value));
  else if (format === 'yaml') await session.io.stdout.write(`---\n${await toYaml(value)}`);
  else await row();
}

/** Prints a page, oldest first, and then each run as it ends. Goes on until Ctrl-C or `--timeout`. */
export async function followExecutions(
  session: Session,
  { data }: Page<Execution>,
  filter: Filter,
): Promise<never> {
  const client = await session.client();
  const print = (row: Execution, titles = false): Promise<void> =>
    printOne(session, row, () => session.print.rows([row], EXECUTION_COLUMNS, titles));
  const ended = async (entry: JournalEntry): Promise<void> => {
    const id = entry.refs.execution_id ?? entry.subject.id;
    const { data: row } = await client.call(ROUTES['execution.get'], { id });
    if (matches(row, filter)) await print(row);
  };
  for (const [at, row] of data.toReversed().entries()) await print(row, at === 0);
  return watching(session, { timeoutMs: session.flags.timeout ?? null }, async (signal) => {
    for await (const event of client.followJournal({ types: 'execution.ended' }, { signal }))
      if (event.kind === 'entry') await ended(event.entry);
    throw new Error('the journal has no end');
  });
}
