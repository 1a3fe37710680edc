import { canonicalJson } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import type { Mask } from '../../run/mask.ts';
import type { Launch } from './connection.ts';
import { createMcpServer, type McpServer } from './server.ts';

/** What bundles say of a server. */
interface Wanted {
  readonly bundle: string;
  readonly launch: Launch;
  readonly mask: Mask;
}

/** The servers of an agent. A server that bundles want before and after they were read again goes on. */
export interface McpServers {
  /** The server for a bundle, running or to be started. */
  find(wanted: Wanted): McpServer;
  /** Starts those that do not run yet, and retires all others. */
  keep(servers: readonly McpServer[]): void;
  /** Resolves once each server answered, or failed to, for the first time. */
  settled(): Promise<void>;
  close(): void;
}

interface ServersContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

/** No servers yet. */
export function createMcpServers(ctx: ServersContext): McpServers {
  const names = new WeakMap<McpServer, string>();
  let kept = new Map<string, McpServer>();
  return {
    find: (wanted) => {
      const name = canonicalJson({ bundle: wanted.bundle, launch: wanted.launch });
      const server = kept.get(name) ?? createMcpServer({ ...ctx, ...wanted });
      names.set(server, name);
      return server;
    },
    keep: (servers) => {
      const next = new Map(servers.map((server) => [names.get(server) ?? '', server]));
      for (const [name, server] of kept) if (next.get(name) !== server) server.retire();
      for (const server of servers) server.start();
      kept = next;
    },
    settled: async () => {
      await Promise.all([...kept.values()].map((server) => server.settled));
    },
    close: () => {
      for (const server of kept.values()) server.close();
      kept = new Map();
    },
  };
}
