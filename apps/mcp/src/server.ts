import { Server, type McpRequestContext } from '@modelcontextprotocol/server';
import packageJson from '../package.json' with { type: 'json' };
import { answerCall } from './answer-call.ts';
import type { Caller } from './caller.ts';
import { listOutputs, OUTPUT_TEMPLATE, readOutputResource } from './resource/output-resource.ts';
import { listTools } from './list-tools.ts';

const INSTRUCTIONS =
  'XEM runs tools on agents of a mesh, under governance. Ask with exec.invoke, or call a tool by its alias. A call of ' +
  'a destructive or irreversible tool waits until a human decides at the approval’s URL: give that link to the person ' +
  'you work for and read the outcome with exec.get_invocation. You cannot approve anything.';

interface ServerExtras {
  /** Whether whoever makes the server sends notifications about its catalogue; nobody can over stateless HTTP. */
  readonly tellsOfChanges: boolean;
}

/** Makes the server of one request, or of one connection over standard input and output; it holds nothing open. */
export function createServer(
  caller: Caller,
  { requestInfo }: McpRequestContext,
  { tellsOfChanges }: ServerExtras = { tellsOfChanges: false },
): Server {
  const tools = tellsOfChanges ? { listChanged: true } : {};
  const server = new Server(
    { name: 'xem', title: 'XEM', version: packageJson.version },
    { capabilities: { tools, resources: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler('tools/list', (_, { mcpReq }) => listTools(caller, mcpReq.signal));
  server.setRequestHandler('tools/call', ({ params }, { mcpReq }) =>
    answerCall({ server, caller, mcpReq, left: requestInfo?.signal }, params),
  );
  server.setRequestHandler('resources/list', async (_, { mcpReq: { signal } }) => ({
    resources: await listOutputs({ caller, signal }),
  }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [OUTPUT_TEMPLATE] }));
  server.setRequestHandler('resources/read', ({ params }, { mcpReq: { signal } }) =>
    readOutputResource({ caller, signal }, params.uri),
  );
  return server;
}
