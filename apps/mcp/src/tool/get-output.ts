import { ExecutionId, OutputStream } from '@xem/protocol';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { exactText, wholeCharacters } from '../output/encode.ts';
import { readOutput, type OutputPage } from '../output/read-output.ts';
import { fixedTool, READS } from './fixed-tool.ts';

const LIMIT_DEFAULT = 32 * 1024;
const LIMIT_MAX = 256 * 1024;

/** What `structuredContent` holds of a page of output. */
const Page = z.object({
  execution_id: ExecutionId,
  stream: OutputStream,
  offset: z.int(),
  bytes: z.int(),
  total_bytes: z.int(),
  sha256: z.string().nullable(),
  truncated: z.boolean().describe('True when the run wrote more than was kept.'),
  next_offset: z.int().nullable().describe('Where to read on; null at the end.'),
  encoding: z.enum(['text', 'base64']),
  lossy: z.boolean().describe('True when bytes that are no text were replaced: ask for base64 to have them.'),
  text: z.string().nullable(),
  base64: z.string().nullable(),
});

const Input = z.strictObject({
  execution_id: ExecutionId,
  stream: OutputStream.default('stdout'),
  offset: z.int().min(0).default(0).describe('In bytes.'),
  limit: z.int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT).describe('In bytes.'),
  encoding: z.enum(['text', 'base64']).default('text'),
});
type Input = z.output<typeof Input>;

function tellPage(input: Input, page: OutputPage): CallToolResult {
  const isText = input.encoding === 'text';
  const whole = isText && page.nextOffset !== null ? wholeCharacters(page.bytes) : page.bytes;
  const bytes = whole.length > 0 ? whole : page.bytes;
  const end = input.offset + bytes.length;
  const text = isText ? bytes.toString('utf8') : null;
  const base64 = isText ? null : bytes.toString('base64');
  const structuredContent = {
    execution_id: input.execution_id,
    stream: input.stream,
    offset: input.offset,
    bytes: bytes.length,
    total_bytes: page.totalBytes,
    sha256: page.sha256,
    truncated: page.truncated,
    next_offset: end < page.totalBytes ? end : null,
    encoding: input.encoding,
    lossy: isText && exactText(bytes) === null,
    text,
    base64,
  };
  return { content: [{ type: 'text', text: text ?? base64 ?? '' }], structuredContent };
}

/** A page of what a run wrote. */
export const getOutput = fixedTool({
  name: 'get_output',
  title: 'Read the output of an execution',
  says:
    'What a run wrote, page by page from `offset`; go on at `next_offset`. Text replaces what is not UTF-8; base64 is ' +
    'exact. The run must have ended.',
  operation: 'execution.raw',
  input: Input,
  output: Page,
  annotations: READS,
  run: async (call, input) => {
    const { execution_id: executionId, stream, offset, limit } = input;
    return tellPage(input, await readOutput(call, { executionId, stream, offset, limit }));
  },
});
