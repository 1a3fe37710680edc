import type { Server } from '@modelcontextprotocol/server';
import type { Caller } from './caller.ts';

/** Entries of the journal after which other tools may be there. */
const CHANGES = [
  'agent.online',
  'agent.offline',
  'agent.evicted',
  'agent.banned',
  'agent.retired',
  'agent.manifest_changed',
  'agent.manifest_accepted',
  'workspace.bound',
  'workspace.unbound',
].join(',');

/** Whether the catalogue of this caller can change at all. */
export const canChange = ({ parts, workspaceId }: Caller): boolean =>
  parts.settings.mcp_catalog === 'full' && workspaceId !== undefined;

/** Tells a connected client that the catalogue changed, as agents come and go, until the signal aborts. */
export async function announceChanges(caller: Caller, server: Server, signal: AbortSignal): Promise<void> {
  try {
    for await (const { kind } of caller.client.followJournal({ types: CHANGES }, { signal }))
      if (kind === 'entry') await server.sendToolListChanged();
  } catch (err) {
    if (!signal.aborted) caller.parts.log.warn('catalog.unwatched', { err });
  }
}
