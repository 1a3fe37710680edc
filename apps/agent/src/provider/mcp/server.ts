import { untilGrown } from '../../run/growth.ts';
import type { Clock, Log } from '@xem/runtime';
import { maskText, type Mask } from '../../run/mask.ts';
import type { CallEnd, Connection, Launch, ServerCall } from './connection.ts';
import { keepConnected, type Keeper, type Mode } from './keeper.ts';
import type { ServerTool } from './shape-tool.ts';

/** A server that is kept running, or reached again and again, for as long as it is wanted. */
export interface McpServer {
  /** Its tools as it listed them last; none before it did. */
  readonly tools: readonly ServerTool[];
  /** Resolves once the first try to reach it is over, however it went. */
  readonly settled: Promise<void>;
  /** Says whom to tell, in place of an earlier one, when the tools are others. */
  onTools(told: () => void): void;
  /** Calls a tool; a server that is down is tried at once. */
  call(call: ServerCall): Promise<CallEnd>;
  start(): void;
  /** Ends it once the calls under way have ended. */
  retire(): void;
  /** Ends it now. */
  close(): void;
}

interface ServerContext {
  readonly bundle: string;
  readonly launch: Launch;
  readonly clock: Clock;
  readonly log: Log;
  readonly mask: Mask;
  readonly version: string;
}

/** What servers say when they end may be of any length. */
const WHY_CHARS_MAX = 1000;

const unstarted = (why: string): CallEnd => ({ kind: 'unstarted', why });

/** What there is to call a tool with; a call that was told to end waits no longer. */
async function reachFor({ signal }: ServerCall, keeper: Keeper): Promise<Connection | string> {
  const reaching = keeper.reach();
  try {
    await untilGrown(
      reaching.then(() => undefined),
      signal,
    );
  } catch {
    return 'the call was ended before the server was there';
  }
  return reaching;
}

/** A call that the server never had is made once more, on a new connection: the old one may have been forgotten. */
async function callOn(call: ServerCall, keeper: Keeper, triesLeft = 1): Promise<CallEnd> {
  const connection = await reachFor(call, keeper);
  if (typeof connection === 'string') return unstarted(`its server is not there: ${connection}`);
  const end = await connection.call(call);
  if (call.signal.aborted || end.kind === 'result' || end.kind === 'refused') return end;
  keeper.drop(connection);
  return end.kind === 'unstarted' && triesLeft > 0 ? callOn(call, keeper, triesLeft - 1) : end;
}

/** What a server lists, and whom to tell when that changes. */
function createListing({ bundle, log }: ServerContext) {
  let told: (() => void) | null = null;
  let tools: readonly ServerTool[] = [];
  const refresh = async (connection: Connection): Promise<void> => {
    const listed = await connection.list();
    if (JSON.stringify(listed) === JSON.stringify(tools)) return;
    tools = listed;
    told?.();
  };
  return {
    tools: () => tools,
    onTools: (tell: () => void) => void (told = tell),
    refresh,
    refreshOrLog: (connection: Connection | null): void => {
      if (!connection) return;
      refresh(connection).catch((err: unknown) =>
        log.warn('mcp.list_failed', { bundle, why: err instanceof Error ? err.name : 'unknown' }),
      );
    },
  };
}

/** A server that is not started yet. What it takes to speak with one is loaded at the first start. */
export function createMcpServer(ctx: ServerContext): McpServer {
  const { bundle, clock, log, mask, launch } = ctx;
  const settled = Promise.withResolvers<void>();
  const listing = createListing(ctx);
  let keeper: Keeper | null = null;
  let isRetired = false;
  let callsUnderWay = 0;
  const open = async (mode: Mode): Promise<Connection> => {
    const { connect } = await import('./connection.ts');
    let connection: Connection | null = null;
    const onToolsChanged = (): void => listing.refreshOrLog(connection);
    connection = await connect(launch, { ...ctx, mode, onToolsChanged });
    try {
      await listing.refresh(connection);
    } catch (err) {
      connection.close();
      throw err;
    }
    log.info('mcp.server_up', { bundle, tools: listing.tools().length });
    settled.resolve();
    return connection;
  };
  const onDown = (said: string, retryMs: number): void => {
    const why = maskText(mask, said).slice(0, WHY_CHARS_MAX);
    log.warn('mcp.server_down', { bundle, why, retryMs });
    settled.resolve();
  };
  const close = (): void => {
    keeper?.close();
    settled.resolve();
  };
  const leave = (): void => {
    callsUnderWay -= 1;
    if (isRetired && callsUnderWay === 0) close();
  };
  return {
    get tools() {
      return listing.tools();
    },
    settled: settled.promise,
    onTools: listing.onTools,
    call: async (call) => {
      if (!keeper) return unstarted('its server was never started');
      callsUnderWay += 1;
      try {
        return await callOn(call, keeper);
      } finally {
        leave();
      }
    },
    start: () => void (keeper ??= keepConnected({ clock, open, onDown })),
    retire: () => {
      isRetired = true;
      listing.onTools(() => undefined);
      if (callsUnderWay === 0) close();
    },
    close,
  };
}
