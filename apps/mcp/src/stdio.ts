import type { McpRequestContext, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Lifecycle } from '@xem/runtime';
import { announceChanges, canChange } from './announce.ts';
import { createCaller, type Caller, type Parts } from './caller.ts';
import { createServer } from './server.ts';

interface StdioOptions {
  readonly parts: Parts;
  readonly apiKey: string | undefined;
  readonly lifecycle: Lifecycle;
}

/** A server that also tells of changes, as long as its connection lives. */
function createTelling(caller: Caller, context: McpRequestContext): Server {
  const gone = new AbortController();
  const server = createServer(caller, context, { tellsOfChanges: canChange(caller) });
  const tell = (): void => void announceChanges(caller, server, gone.signal);
  Object.assign(server, { onclose: () => gone.abort() });
  if (!canChange(caller)) return server;
  if (context.era === 'modern') tell();
  else server.oninitialized = tell;
  return server;
}

/** Serves one client over standard input and output, which carry nothing but the protocol. */
export function startStdio({ parts, apiKey, lifecycle }: StdioOptions): void {
  const caller = createCaller(parts, { apiKey });
  const handle = serveStdio((context) => createTelling(caller, context), {
    onerror: (err) => parts.log.warn('stdio.failed', { err }),
  });
  lifecycle.own(handle, (owned) => owned.close());
}
