import { createClient, type Client } from '@xem/client';
import type { Clock, IdSource, Log } from '@xem/runtime';
import type { Shelf } from './catalog/shelf.ts';
import type { Farewells } from './invocation/farewells.ts';
import type { McpSettings } from './settings.ts';

/** What the program is made of. */
export interface Parts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly settings: Pick<McpSettings, 'base_url' | 'workspace' | 'mcp_catalog'>;
  /** Definitions of tools that were read before. */
  readonly shelf: Shelf;
  readonly farewells: Farewells;
}

/** Who asks: everything is done with this caller's own key, and so within what that key may do. */
export interface Caller {
  readonly parts: Parts;
  readonly client: Client;
  /** The workspace of calls that name none. */
  readonly workspaceId: string | undefined;
}

interface Credentials {
  readonly apiKey: string | undefined;
  readonly workspaceId?: string | undefined;
}

/** Makes the caller of one HTTP request, or of a whole connection over standard input and output. */
export function createCaller(parts: Parts, { apiKey, workspaceId }: Credentials): Caller {
  const { clock, ids, settings } = parts;
  return {
    parts,
    client: createClient({ baseUrl: settings.base_url, apiKey, surface: 'mcp', clock, ids }),
    workspaceId: workspaceId ?? settings.workspace,
  };
}
