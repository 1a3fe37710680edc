import { createMcpHonoApp } from '@modelcontextprotocol/hono';
import { createMcpHandler, type AuthInfo, type McpHttpHandler } from '@modelcontextprotocol/server';
import { ExecError, toEnvelope } from '@xem/errors';
import type { IdSource } from '@xem/runtime';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { createCaller, type Parts } from '../caller.ts';
import { createServer } from '../server.ts';
import { createKeyGate, type KeyGate } from './key-gate.ts';

/** Where the protocol is spoken. */
export const MCP_PATH = '/mcp';

/** What the app's own middleware leaves of a JSON body. */
const Parsed = z.object({ parsedBody: z.unknown().optional() });

const NO_KEY = 'send an API key as "Authorization: Bearer <key>"';

/** The key of a request; null when there is none, or something that is none. */
function keyOf(context: Context): string | null {
  return /^Bearer +([\x21-\x7e]{1,512})$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? null;
}

function challenge(context: Context, says: string, requestId: string): Response {
  context.header('X-Request-ID', requestId);
  context.header('WWW-Authenticate', 'Bearer realm="xem"');
  return context.json(toEnvelope(new ExecError('authentication_required', says)), 401);
}

/** The key of a request, or the answer to one that has none, or one that the router does not know. */
async function admit(context: Context, gate: KeyGate, ids: IdSource): Promise<string | Response> {
  const key = keyOf(context);
  if (key === null) return challenge(context, NO_KEY, ids.uuid());
  const refusal = await gate.refusalOf(key);
  return refusal ? challenge(context, refusal.message, refusal.requestId ?? ids.uuid()) : key;
}

interface McpHttpApp {
  readonly hono: Hono;
  readonly handler: McpHttpHandler;
}

/** The protocol over Streamable HTTP, under these host names and for pages of these only: each request is served for the key it carries. */
export function createMcpHttpApp(parts: Parts, hosts: readonly string[]): McpHttpApp {
  const handler = createMcpHandler(
    (context) => {
      const apiKey = context.authInfo?.token;
      const workspaceId = context.requestInfo?.headers.get('x-xem-workspace') ?? undefined;
      return createServer(createCaller(parts, { apiKey, workspaceId }), context);
    },
    { onerror: (err) => parts.log.warn('http.failed', { err }) },
  );
  const gate = createKeyGate(parts);
  const hono = createMcpHonoApp({ allowedHosts: [...hosts], allowedOrigins: [...hosts] });
  hono.all(MCP_PATH, async (context) => {
    const token = await admit(context, gate, parts.ids);
    if (token instanceof Response) return token;
    const authInfo: AuthInfo = { token, clientId: 'key', scopes: [] };
    const { parsedBody } = Parsed.parse(context.var);
    return handler.fetch(context.req.raw, { authInfo, parsedBody });
  });
  hono.onError((err, context) => {
    parts.log.error('http.failed', { err });
    return context.json(toEnvelope(new ExecError('internal', 'the MCP server failed')), 500);
  });
  return { hono, handler };
}
