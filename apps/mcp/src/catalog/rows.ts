import { ROUTES, type Client } from '@xem/client';
import { PAGE_LIMIT_MAX, type Tool } from '@xem/protocol';

interface RowQuery {
  /** Every workspace of the project when there is none. */
  readonly workspaceId: string | undefined;
  /** `mcp` leaves out what the agents hide from models. */
  readonly visibility: 'all' | 'mcp';
  readonly signal: AbortSignal;
}

/** Every tool within reach, page by page. @throws ClientError invalid_workspace_id, workspace_not_found */
export async function readRows(
  client: Client,
  { workspaceId, visibility, signal }: RowQuery,
): Promise<readonly Tool[]> {
  const rows: Tool[] = [];
  let after: string | undefined;
  do {
    const input = { workspace_id: workspaceId, visibility, limit: PAGE_LIMIT_MAX, after };
    const { data } = await client.call(ROUTES['tool.list'], input, { signal });
    rows.push(...data.data);
    after = data.next_cursor ?? undefined;
  } while (after !== undefined);
  return rows;
}
