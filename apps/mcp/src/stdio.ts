import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Lifecycle } from '@xem/runtime';
import { createCaller, type Parts } from './caller.ts';
import { createServer } from './server.ts';

interface StdioOptions {
  readonly parts: Parts;
  readonly apiKey: string | undefined;
  readonly lifecycle: Lifecycle;
}

/** Serves one client over standard input and output, which carry nothing but the protocol. */
export function startStdio({ parts, apiKey, lifecycle }: StdioOptions): void {
  const caller = createCaller(parts, { apiKey });
  const handle = serveStdio((context) => createServer(caller, context), {
    onerror: (err) => parts.log.warn('stdio.failed', { err }),
  });
  lifecycle.own(handle, (owned) => owned.close());
}
