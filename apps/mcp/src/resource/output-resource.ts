import type { ReadResourceResult, Resource, ResourceTemplateType } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { ClientError, ROUTES } from '@xem/client';
import type { Execution } from '@xem/protocol';
import { toProtocolError } from '../answer/protocol-error.ts';
import type { Caller } from '../caller.ts';
import { exactText } from '../output/encode.ts';
import { readOutput } from '../output/read-output.ts';
import { OUTPUT_URI_TEMPLATE, outputUri, readOutputUri } from './uri.ts';

/** A message with more than this is no good to any client; tools page. */
const RESOURCE_BYTES_MAX = 8 * 1024 * 1024;
const RECENT = 20;

interface ResourceRequest {
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** The one form of address there is. */
export const OUTPUT_TEMPLATE: ResourceTemplateType = {
  uriTemplate: OUTPUT_URI_TEMPLATE,
  name: 'execution-output',
  title: 'Output of an execution',
  description:
    'The exact bytes that a run wrote to standard output, or to standard error with ?stream=stderr.',
};

const present = ({ id, tool, status, stdout }: Execution): Resource[] =>
  stdout
    ? [
        {
          uri: outputUri(id),
          name: `${tool} output`,
          description: `Execution ${id}, ${status}`,
          mimeType: stdout.media_type,
          size: stdout.bytes,
        },
      ]
    : [];

/** The outputs of the newest runs. */
export async function listOutputs({ caller, signal }: ResourceRequest): Promise<Resource[]> {
  try {
    const { data } = await caller.client.call(ROUTES['execution.list'], { limit: RECENT }, { signal });
    return data.data.flatMap(present);
  } catch (error) {
    throw toProtocolError(error);
  }
}

const tooLarge = (bytes: number): ProtocolError =>
  new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `payload_too_large: ${bytes} bytes are too many for one answer; page with exec.get_output`,
    { code: 'payload_too_large' },
  );

async function readAll(request: ResourceRequest, uri: string): Promise<ReadResourceResult> {
  const address = readOutputUri(uri);
  if (!address) throw new ResourceNotFoundError(uri);
  const { executionId: id, stream } = address;
  const { data } = await request.caller.client.call(ROUTES['execution.get'], { id }, request);
  const digest = data[stream];
  if (digest && digest.bytes > RESOURCE_BYTES_MAX) throw tooLarge(digest.bytes);
  const page = await readOutput(request, { executionId: id, stream, offset: 0, limit: RESOURCE_BYTES_MAX });
  const text = exactText(page.bytes);
  const head = { uri, mimeType: digest?.media_type ?? 'application/octet-stream' };
  return {
    contents: [text === null ? { ...head, blob: page.bytes.toString('base64') } : { ...head, text }],
  };
}

const isMissing = (error: unknown): boolean =>
  error instanceof ClientError && error.code === 'execution_not_found';

/** Reads the whole output of a run: as text when it is text, else as bytes. Rejects with an error of the protocol. */
export async function readOutputResource(request: ResourceRequest, uri: string): Promise<ReadResourceResult> {
  try {
    return await readAll(request, uri);
  } catch (error) {
    throw isMissing(error) ? new ResourceNotFoundError(uri) : toProtocolError(error);
  }
}
