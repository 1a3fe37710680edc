import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type Transport,
} from '@modelcontextprotocol/client';
import type { Clock } from '@xem/runtime';
import type { Args } from '../../bundle/parameters.ts';
import type { Mask } from '../../run/mask.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { ServerTool } from './shape-tool.ts';
import { stdioTransport, type StdioLaunch } from './stdio-transport.ts';

/** A server that is asked over HTTP. */
interface HttpLaunch {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Launch = StdioLaunch | HttpLaunch;

/** A call of a server's tool, by the name the server has for it. */
export interface ServerCall {
  readonly name: string;
  readonly args: Args;
  /** The trace the call belongs to (W3C `traceparent`); the server gets it beside the arguments, in `_meta`. */
  readonly traceparent: string | null;
  readonly signal: AbortSignal;
}

/** What became of a call. */
export type CallEnd =
  | { readonly kind: 'result'; readonly result: CallToolResult }
  /** The server answered that it does not do this. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The server had it, or may have had it, and gave no answer. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** The server never had it. */
  | { readonly kind: 'unstarted'; readonly why: string };

/** A server that speaks. */
export interface Connection {
  /** Asks the server for its tools. */
  list(): Promise<readonly ServerTool[]>;
  call(call: ServerCall): Promise<CallEnd>;
  /** Why it is over, once it is. */
  readonly closed: Promise<string>;
  close(): void;
}

interface ConnectionContext {
  readonly clock: Clock;
  readonly mask: Mask;
  readonly version: string;
  /** Whether to try the newer revisions first; a server that dies of the question is asked the old way then. */
  readonly mode: 'auto' | 'legacy';
  /** The server says that its tools are others now. */
  readonly onToolsChanged: () => void;
}

/** The first start of a server may fetch it. */
const HANDSHAKE_MS = 30_000;
const PROBE_MS = 3000;

/** Changes within this time are one: each costs a manifest. */
const CHANGES_MS = 1000;

/** The agent has its own limit for a call, and its signal. */
const NO_TIMEOUT_MS = 2_147_483_647;

const messageOf = (err: unknown): string => {
  if (!(err instanceof Error)) return String(err);
  return err.cause instanceof Error ? `${err.message}: ${err.cause.message}` : err.message;
};

/** Errors of a connection that never came about. */
const NOT_REACHED = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function isNotReached(err: unknown): boolean {
  if (!(err instanceof Error)) return false;
  return ('code' in err && NOT_REACHED.has(String(err.code))) || isNotReached(err.cause);
}

const HTTP_REFUSED_MIN = 400;
const HTTP_FAILED_MIN = 500;

/** Whether a server that is asked over HTTP said that it does not take the request. */
const isTurnedAway = (err: unknown): boolean =>
  err instanceof SdkHttpError && err.status >= HTTP_REFUSED_MIN && err.status < HTTP_FAILED_MIN;

const NOT_SENT = new Set<unknown>([SdkErrorCode.NotConnected, SdkErrorCode.NotInitialized]);

function endOf(err: unknown): CallEnd {
  const why = messageOf(err);
  if (err instanceof ProtocolError) return { kind: 'refused', why };
  const isUnsent = err instanceof SdkError && NOT_SENT.has(err.code);
  if (isUnsent || isTurnedAway(err) || isNotReached(err)) return { kind: 'unstarted', why };
  return { kind: 'unknown', why };
}

async function callTool(client: Client, { name, args, traceparent, signal }: ServerCall): Promise<CallEnd> {
  try {
    const result = await client.callTool(
      { name, arguments: { ...args }, ...(traceparent !== null && { _meta: { traceparent } }) },
      { signal, timeout: NO_TIMEOUT_MS },
    );
    return { kind: 'result', result };
  } catch (err) {
    return endOf(err);
  }
}

function httpTransport({ url, headers }: HttpLaunch): Transport {
  const options = { requestInit: { headers }, fetch: boundedFetch };
  return new StreamableHTTPClientTransport(new URL(url), options);
}

/** Starts a server, or reaches one, and shakes hands. Throws when that fails. */
export async function connect(launch: Launch, ctx: ConnectionContext): Promise<Connection> {
  const { promise: givenUp, resolve } = Promise.withResolvers<string>();
  const client = new Client(
    { name: 'xem-agent', version: ctx.version },
    {
      versionNegotiation: { mode: ctx.mode, probe: { timeoutMs: PROBE_MS } },
      listChanged: { tools: { autoRefresh: false, debounceMs: CHANGES_MS, onChanged: ctx.onToolsChanged } },
    },
  );
  const stdio = launch.kind === 'stdio' ? stdioTransport(launch, ctx) : null;
  const transport = launch.kind === 'http' ? httpTransport(launch) : stdio;
  if (!transport) throw new Error('there is no way to the server');
  const close = (): void => {
    void client.close().catch(() => undefined);
    resolve('the connection was given up');
  };
  try {
    await client.connect(transport, { timeout: HANDSHAKE_MS });
  } catch (err) {
    const how = stdio?.how;
    close();
    await stdio?.close();
    throw how ? new Error(how, { cause: err }) : err;
  }
  return {
    list: async () => (await client.listTools(undefined, { cacheMode: 'refresh' })).tools,
    call: (call) => callTool(client, call),
    closed: stdio?.ended ?? givenUp,
    close,
  };
}
