import { hashOf } from './canonical-json.ts';

export type Risk = 'read' | 'write' | 'destructive' | 'irreversible';

/** A tool as it is published. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly risk: Risk;
  readonly parameters: object;
  readonly timeout_ms?: number;
  readonly output?: { readonly media_type: string; readonly max_bytes: number };
}

/** What a tool is given while it runs. */
interface ToolCall {
  readonly args: Readonly<Record<string, unknown>>;
  readonly ids: { readonly execution: string; readonly invocation: string; readonly attempt: number };
  readonly write: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  /** Aborts when the tool must stop. */
  readonly signal: AbortSignal;
}

/** A tool that runs in this process; answers its exit status. */
export interface Tool {
  readonly definition: ToolDefinition;
  run(call: ToolCall): Promise<number>;
}

const DEFAULTS = {
  domain: 'general',
  timeout_ms: 60_000,
  idempotent: false,
  output: { media_type: 'application/octet-stream', max_bytes: 16_777_216 },
};

/** The digest of a tool: its definition with the defaults filled in. */
export const toolDigest = (definition: ToolDefinition): string => hashOf({ ...DEFAULTS, ...definition });

/** How many bytes a stream of a tool may have. */
export const maxBytesOf = ({ output = DEFAULTS.output }: ToolDefinition): number => output.max_bytes;

/** Tools by risk that a person must let go. */
export const isGated = (risk: Risk): boolean => risk === 'destructive' || risk === 'irreversible';

/** What an agent publishes. */
export const manifestOf = (workspaces: readonly string[], tools: readonly Tool[]) => ({
  manifest_version: 1,
  workspaces: workspaces.map((id) => ({ id })),
  tools: tools.map(({ definition }) => definition),
});

export type Manifest = ReturnType<typeof manifestOf>;
