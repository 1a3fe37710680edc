import {
  createClient,
  type Answer,
  type CallOptions,
  type Client,
  type Input,
  type OperationId,
  type Output,
  type Route,
  type WireRequest,
} from '@xem/client';
import type { Page } from '@xem/protocol';
import type { GlobalFlags } from './command/globals.ts';
import { findConnection } from './config/connection.ts';
import type { Io } from './io.ts';
import { createPrinter, type Printer } from './print.ts';

/** A change that `--dry-run` kept from being sent. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  readonly request: WireRequest;

  constructor(request: WireRequest) {
    super('not sent');
    this.request = request;
  }
}

/** Which page of a list to ask for. */
interface PageRequest {
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** What a command has at hand. */
export interface Session {
  readonly io: Io;
  readonly flags: GlobalFlags;
  readonly print: Printer;
  /** Connects at the first call. @throws UsageError when there is nothing to connect to */
  client(): Promise<Client>;
  /** Calls an operation; with `--dry-run` only one that changes nothing. @throws ClientError, NotSent */
  call<const Id extends OperationId>(
    route: Route<Id>,
    input: Input<Id>,
    options?: CallOptions,
  ): Promise<Answer<Output<Id>>>;
  /** Gathers a list, as far as `--limit`, `--after` and `--all` ask for it. */
  list<Row>(page: (request: PageRequest) => Promise<Page<Row>>): Promise<Page<Row>>;
}

/** What connecting needs of the flags. */
type ConnectFlags = Partial<Pick<GlobalFlags, 'context' | 'baseUrl' | 'apiKey' | 'project' | 'debug'>>;

const PAGE_MAX = 100;

/** Connects as the command line, the environment and the configuration say. @throws UsageError */
export async function connect(io: Io, flags: ConnectFlags): Promise<Client> {
  const { baseUrl, apiKey } = await findConnection(flags, io.env);
  const log = (request: WireRequest, { status, headers }: Response): void => {
    const line = `${request.method} ${request.url} ${status} ${headers.get('x-request-id') ?? '-'}\n`;
    void io.stderr.write(line);
  };
  return createClient({
    baseUrl,
    apiKey,
    surface: 'cli',
    clock: io.clock,
    ids: io.ids,
    projectId: flags.project,
    fetch: io.fetch,
    onAnswer: flags.debug ? log : undefined,
  });
}

async function gather<Row>(
  flags: GlobalFlags,
  page: (request: PageRequest) => Promise<Page<Row>>,
): Promise<Page<Row>> {
  const wanted = flags.all ? Number.POSITIVE_INFINITY : (flags.limit ?? 0);
  const limit = flags.all ? PAGE_MAX : flags.limit && Math.min(flags.limit, PAGE_MAX);
  let last = await page({ limit, after: flags.after });
  const data = [...last.data];
  while (last.next_cursor !== null && data.length < wanted) {
    last = await page({ limit: Math.min(PAGE_MAX, wanted - data.length), after: last.next_cursor });
    data.push(...last.data);
  }
  return { ...last, data };
}

/** Makes what a command has at hand. */
export function createSession(io: Io, flags: GlobalFlags): Session {
  let connected: Promise<Client> | undefined;
  const client = (): Promise<Client> => (connected ??= connect(io, flags));
  return {
    io,
    flags,
    print: createPrinter(io, { format: flags.output ?? 'table', noColor: flags.noColor ?? false }),
    client,
    call: async (route, input, options = {}) => {
      const at = await client();
      const plans = 'dry_run' in input && input.dry_run === true;
      if (flags.dryRun && route.method !== 'GET' && !plans) throw new NotSent(at.layOut(route, input));
      return at.call(route, input, { timeoutMs: flags.timeout, ...options });
    },
    list: (page) => gather(flags, page),
  };
}
