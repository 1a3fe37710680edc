import type { Server } from '@modelcontextprotocol/server';
import type { EntryType } from '@xem/protocol';
import type { Caller } from './caller.ts';

/** Entries of the journal after which other tools may be there. */
const CHANGES: readonly EntryType[] = [
  'agent.online',
  'agent.offline',
  'agent.retired',
  'agent.manifest_changed',
  'workspace.bound',
  'workspace.unbound',
];

/** Whether the catalogue of this caller can change at all. */
export const canChange = ({ parts, workspaceId }: Caller): boolean =>
  parts.settings.mcp_catalog === 'full' && workspaceId !== undefined;

async function follow(caller: Caller, server: Server, signal: AbortSignal): Promise<void> {
  for await (const { kind } of caller.client.followJournal({ types: CHANGES.join(',') }, { signal }))
    if (kind === 'entry') await server.sendToolListChanged();
}

/** Tells a connected client that the catalogue changed, as agents come and go, until the signal aborts. */
export const announceChanges = (caller: Caller, server: Server, signal: AbortSignal): Promise<void> =>
  follow(caller, server, signal).catch((err: unknown) => {
    if (!signal.aborted) caller.parts.log.warn('catalog.unwatched', { err });
  });
