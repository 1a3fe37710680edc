import type { AttemptKey, InvocationId } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import type { Args } from '../bundle/parameters.ts';
import type { Mask } from '../run/mask.ts';
import type { Run } from '../run/run.ts';
import type { Runner } from '../run/runner.ts';
import type { McpServers } from './mcp/servers.ts';

/** What providers run tools with. */
export interface ProviderContext {
  readonly runner: Runner;
  readonly servers: McpServers;
  readonly clock: Clock;
  readonly log: Log;
  /** The agent's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Covers every secret that the agent knows. */
  readonly mask: Mask;
  /** To be called when a provider's tools became others while the agent runs: they are read from it anew. */
  toolsChanged(): void;
}

/** A call to be prepared: its arguments obey the tool's schema and have its defaults. */
interface PreparedCall {
  readonly args: Args;
  /** The credentials of the call's workspace. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** One attempt to be started. */
export interface Attempt {
  readonly key: AttemptKey;
  readonly invocationId: InvocationId;
  readonly timeoutMs: number;
  readonly outputBytesMax: number;
  /** The trace the call belongs to (W3C `traceparent`); a program gets it as TRACEPARENT. */
  readonly traceparent: string | null;
}

/** Starts an attempt of a prepared call, once. */
type Start = (attempt: Attempt) => Run;

/** How a tool runs. Refuses arguments it will not take before anything starts. @throws agent_refused */
export type Provider = (call: PreparedCall) => Start;
