import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as FormerClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FormerStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as FormerHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { z } from 'zod';

/** The official clients: the former generation, and the present one speaking old, whichever, and new. */
export const CLIENT_KINDS = ['sdk', 'legacy', 'auto', 'pinned'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

const Result = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ type: z.string() })),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});

const Tools = z.array(
  z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.unknown()).optional() }),
);

const Contents = z.array(
  z.object({
    uri: z.string(),
    mimeType: z.string().optional(),
    text: z.string().optional(),
    blob: z.string().optional(),
  }),
);

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: {
    readonly progress: number;
    readonly message?: string | undefined;
  }) => void;
}

/** What the generations have in common, as a test speaks to them. */
export interface AnyClient extends AsyncDisposable {
  readonly listTools: () => Promise<z.infer<typeof Tools>>;
  readonly call: (
    name: string,
    args?: Record<string, unknown>,
    options?: CallOptions,
  ) => Promise<z.infer<typeof Result>>;
  readonly read: (uri: string) => Promise<z.infer<typeof Contents>>;
}

interface HttpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface StdioTarget {
  readonly env: Readonly<Record<string, string>>;
}

const INFO = { name: 'test', version: '1' };
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const NEW = '2026-07-28';
const command = ({ env }: StdioTarget) => ({
  command: process.execPath,
  args: [MAIN],
  env: { ...env },
  stderr: 'ignore' as const,
});

function former(client: FormerClient): AnyClient {
  return {
    listTools: async () => Tools.parse((await client.listTools()).tools),
    call: async (name, args = {}, options = {}) =>
      Result.parse(await client.callTool({ name, arguments: args }, undefined, options)),
    read: async (uri) => Contents.parse((await client.readResource({ uri })).contents),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function present(client: Client): AnyClient {
  return {
    listTools: async () => Tools.parse((await client.listTools()).tools),
    call: async (name, args = {}, options = {}) =>
      Result.parse(await client.callTool({ name, arguments: args }, options)),
    read: async (uri) => Contents.parse((await client.readResource({ uri })).contents),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

const newClient = (kind: Exclude<ClientKind, 'sdk'>): Client =>
  new Client(INFO, { versionNegotiation: { mode: kind === 'pinned' ? { pin: NEW } : kind } });

/** Connects to a server over Streamable HTTP. */
export async function connectHttp(kind: ClientKind, { url, headers }: HttpTarget): Promise<AnyClient> {
  const options = { requestInit: { headers: { ...headers } } };
  if (kind === 'sdk') {
    const client = new FormerClient(INFO);
    await client.connect(new FormerHttpTransport(new URL(url), options));
    return former(client);
  }
  const client = newClient(kind);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), options));
  return present(client);
}

/** Starts the program and speaks to it over standard input and output. */
export async function connectStdio(kind: ClientKind, target: StdioTarget): Promise<AnyClient> {
  if (kind === 'sdk') {
    const client = new FormerClient(INFO);
    await client.connect(new FormerStdioTransport(command(target)));
    return former(client);
  }
  const client = newClient(kind);
  await client.connect(new StdioClientTransport(command(target)));
  return present(client);
}
