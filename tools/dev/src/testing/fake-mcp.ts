import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';

/** Stands in for the MCP server: says in its log whether `dev.json` is there too early. */
const server = createServer();
server.listen(Number(process.env['XEM_MCP_PORT']), '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' && address ? address.port : 0;
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.stdout.write(
  `dev.json is ${existsSync(process.env['FAKE_MESH_FILE'] ?? '') ? 'there' : 'not there'}\n`,
);
process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}/mcp` });
