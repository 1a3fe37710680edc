import type { Tool } from '@modelcontextprotocol/server';
import { ClientError } from '@xem/client';
import { inputSchemaOf, outputSchemaOf } from './answer/schema.ts';
import type { Caller } from './caller.ts';
import { listMeshTools } from './catalog/mesh-tools.ts';
import { toProtocolError } from './answer/protocol-error.ts';
import type { FixedTool } from './tool/fixed-tool.ts';
import { FIXED_TOOLS } from './tool/table.ts';

const present = ({ name, title, says, input, output, annotations }: FixedTool): Tool => ({
  name,
  title,
  description: says,
  inputSchema: inputSchemaOf(input),
  outputSchema: outputSchemaOf(output),
  annotations,
});

const FIXED: readonly Tool[] = FIXED_TOOLS.map(present);

/** A key of another project has no such workspace: what is left is what needs none. */
const isElsewhere = (error: unknown): boolean =>
  error instanceof ClientError && error.code === 'workspace_not_found';

/** The fixed tools, then those of the caller's workspace. */
export async function listTools(caller: Caller, signal: AbortSignal): Promise<{ tools: Tool[] }> {
  try {
    return { tools: [...FIXED, ...(await listMeshTools(caller, signal))] };
  } catch (error) {
    if (isElsewhere(error)) return { tools: [...FIXED] };
    throw toProtocolError(error);
  }
}
