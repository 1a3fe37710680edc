import type { CallEnd } from './mcp/connection.ts';
import { renderResult } from './mcp/render.ts';
import type { McpServer } from './mcp/server.ts';
import type { HostedEnd } from '../run/hosted-end.ts';
import type { HostedIo } from '../run/hosted-run.ts';
import type { Provider, ProviderContext } from './provider.ts';

/** A tool of a server, as its server knows it. */
interface McpTool {
  readonly name: string;
  /** Its results have a schema. */
  readonly isStructured: boolean;
  /** It only reads: what became of a call is no question. */
  readonly isSafe: boolean;
}

const say = (io: HostedIo, text: string): Promise<void> => io.write('stderr', Buffer.from(`${text}\n`));

async function conclude(io: HostedIo, end: CallEnd, { isStructured, isSafe }: McpTool): Promise<HostedEnd> {
  switch (end.kind) {
    case 'result':
      await io.write('stdout', renderResult(end.result, isStructured));
      return { kind: 'exit', status: end.result.isError === true ? 1 : 0 };
    case 'refused':
      await say(io, end.why);
      return { kind: 'exit', status: 1 };
    case 'unstarted':
      return end;
    case 'unknown':
      if (!isSafe)
        return { ...end, why: `the server had the call; whether it took effect is unknown: ${end.why}` };
      await say(io, `the server gave no answer: ${end.why}`);
      return { kind: 'exit', status: 1 };
    default:
      return end satisfies never;
  }
}

/** Calls a tool of a server; cancelling a run cancels the request. */
export const mcpProvider =
  ({ runner, mask }: ProviderContext, server: McpServer, tool: McpTool): Provider =>
  ({ args }) =>
  ({ traceparent, ...attempt }) =>
    runner.host({
      ...attempt,
      mask,
      work: async (io) => {
        const end = await server.call({ name: tool.name, args, traceparent, signal: io.signal });
        return conclude(io, end, tool);
      },
    });
