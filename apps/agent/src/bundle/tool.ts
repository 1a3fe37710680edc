import { ExecError } from '@xem/errors';
import { toolDigest, type ToolDefinition } from '@xem/protocol';
import type { Attempt, Provider } from '../provider/provider.ts';
import type { Run } from '../run/run.ts';
import type { Credentials } from './credentials.ts';
import type { ArgumentRules, Args } from './parameters.ts';

/** A call of a tool, before anything is started. */
export interface ToolCall {
  readonly args: Args;
  /** `credentials_ref` of the call's workspace, when it has one. */
  readonly credentialsRef: string | null;
  /** Has the last word over the arguments, which are complete. @throws agent_refused */
  readonly judge?: (args: Args) => void;
}

/** An attempt of a prepared call. */
export type ToolAttempt = Pick<Attempt, 'key' | 'invocationId' | 'timeoutMs'> &
  Partial<Pick<Attempt, 'traceparent'>>;

/** A tool of this host, ready to run. */
export interface RunnableTool {
  readonly definition: ToolDefinition;
  readonly digest: string;
  /** The name of the bundle it came with. */
  readonly bundle: string;
  readonly provider: 'command' | 'http' | 'mcp' | 'builtin';
  /**
   * Judges a call and builds what it needs. The attempt gets the shorter of its own time and the tool's.
   * @throws agent_refused when the schema, a template or missing credentials forbid it
   */
  prepare(call: ToolCall): (attempt: ToolAttempt) => Run;
}

/** What a tool is made of. */
export interface ToolParts {
  readonly definition: ToolDefinition;
  readonly bundle: string;
  readonly provider: RunnableTool['provider'];
  readonly rules: ArgumentRules;
  readonly credentials: Credentials;
  readonly run: Provider;
}

const NO_CREDENTIALS = {};

function credentialsFor({ credentials }: ToolParts, ref: string | null): Readonly<Record<string, string>> {
  if (ref === null) return NO_CREDENTIALS;
  const found = credentials.find(ref);
  if (!found) throw new ExecError('agent_refused', `this host has no credentials "${ref}"`);
  return found;
}

/** Puts a tool together. */
export function createTool(parts: ToolParts): RunnableTool {
  const { definition, bundle, provider, rules, run } = parts;
  const outputBytesMax = definition.output.max_bytes;
  return {
    definition,
    digest: toolDigest(definition),
    bundle,
    provider,
    prepare: ({ args: given, credentialsRef, judge }) => {
      const refusal = rules.refusal(given);
      if (refusal !== null) throw new ExecError('agent_refused', `arguments refused: ${refusal}`);
      const args = rules.complete(given);
      judge?.(args);
      const start = run({ args, credentials: credentialsFor(parts, credentialsRef) });
      return ({ key, invocationId, timeoutMs, traceparent = null }) => {
        const limits = { timeoutMs: Math.min(timeoutMs, definition.timeout_ms), outputBytesMax };
        return start({ key, invocationId, traceparent, ...limits });
      };
    },
  };
}
