import { listAgentEvents, type JournalEntry, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { assertMayRead } from '../journal/reader.ts';
import { readPage } from '../page.ts';
import { loadAgent } from './load.ts';

/** Lists what happened to an agent, newest first. @throws ExecError scope_insufficient, agent_not_found */
export async function events(
  ctx: VerbContext,
  { id, limit, after }: ParsedInputOf<typeof listAgentEvents>,
): Promise<Page<JournalEntry>> {
  assertMayRead(ctx);
  const { projectId, store } = ctx;
  await loadAgent(ctx, store.read.agents, id);
  return readPage(
    { projectId, route: listAgentEvents.id, filter: { id } },
    { limit, after },
    {
      rows: (slice) =>
        store.read.journal.ofAgent(projectId, id, {
          limit: slice.limit,
          beforeSeq: slice.after?.createdAt,
        }),
      // The number in the chain is the order of the list.
      position: ({ seq, id: entry }) => ({ createdAt: seq, id: entry }),
      present: (entry) => entry,
    },
  );
}
