import { createMcpHonoApp } from '@modelcontextprotocol/hono';
import { createMcpHandler, type AuthInfo, type McpHttpHandler } from '@modelcontextprotocol/server';
import { ExecError, toEnvelope } from '@xem/errors';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { createCaller, type Parts } from '../caller.ts';
import { createServer } from '../server.ts';

/** Where the protocol is spoken. */
export const MCP_PATH = '/mcp';

/** What the app's own middleware leaves of a JSON body. */
const Parsed = z.object({ parsedBody: z.unknown() });

const NO_KEY = 'send an API key as "Authorization: Bearer <key>"';

/** The key of a request; null when there is none, or something that is none. */
function keyOf(context: Context): string | null {
  return /^Bearer +([\x21-\x7e]{1,512})$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? null;
}

function refuseStranger(context: Context, requestId: string): Response {
  const error = new ExecError('authentication_required', NO_KEY);
  context.header('X-Request-ID', requestId);
  context.header('WWW-Authenticate', 'Bearer realm="xem"');
  return context.json(toEnvelope(error), 401);
}

interface McpHttpApp {
  readonly hono: Hono;
  readonly handler: McpHttpHandler;
}

/** The protocol over Streamable HTTP: each request is served for the key it carries. */
export function createMcpHttpApp(parts: Parts, host: string): McpHttpApp {
  const handler = createMcpHandler(
    (context) => {
      const apiKey = context.authInfo?.token;
      const workspaceId = context.requestInfo?.headers.get('x-xem-workspace') ?? undefined;
      return createServer(createCaller(parts, { apiKey, workspaceId }), context);
    },
    { onerror: (err) => parts.log.warn('http.failed', { err }) },
  );
  const hono = createMcpHonoApp({ host });
  hono.all(MCP_PATH, (context) => {
    const key = keyOf(context);
    if (key === null) return refuseStranger(context, parts.ids.uuid());
    const authInfo: AuthInfo = { token: key, clientId: 'key', scopes: [] };
    return handler.fetch(context.req.raw, { authInfo, parsedBody: Parsed.parse(context.var).parsedBody });
  });
  return { hono, handler };
}
