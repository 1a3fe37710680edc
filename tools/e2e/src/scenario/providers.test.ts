import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ToolDescriptor } from '@xem/protocol';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { call, send } from '../mesh/api.ts';
import { ask, decide, read, run, settled } from '../mesh/invoke.ts';
import { isAlive, meshDir, removeMesh, startMesh, until, type Mesh } from '../mesh/mesh.ts';
import { proves } from '../proves.ts';

const FILESYSTEM = fileURLToPath(
  import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
);
const SECRET = 'a-secret-of-the-workspace';

let mesh: Mesh;
let server: Server;
const asked: IncomingMessage[] = [];

const shared = (name = ''): string => join(mesh.dir, 'shared', name);

/** Bundles of the test's own beside those of every local mesh. */
function writeBundle(dir: string, name: string, lines: readonly string[]): void {
  mkdirSync(join(dir, 'tools', name), { recursive: true });
  writeFileSync(join(dir, 'tools', name, 'bundle.yaml'), `${lines.join('\n')}\n`);
}

/** A server that waits to be let up, and then becomes the filesystem server. */
const lateServer = (dir: string): string => {
  const words = ['sh', '-c', 'test -e "$1" || exit 1; shift; exec "$@"', 'late', `${dir}/up`];
  return JSON.stringify([...words, process.execPath, FILESYSTEM, `${dir}/shared`]);
};

const httpTool = (host: string): readonly string[] => [
  `hosts: ["${host}"]`,
  'tools:',
  '  - name: house.report',
  '    description: Report on a room.',
  '    risk: read',
  '    parameters: { type: object, properties: { room: { type: string }, note: { type: string } }, required: [room] }',
  '    http:',
  `      url: http://${host}/rooms/{room}/report`,
  '      query: { note: "{note}" }',
  '      headers: { Authorization: "Bearer {credential:HOUSE_TOKEN}" }',
];

beforeAll(async () => {
  const dir = await meshDir();
  server = createServer((request, response) => {
    asked.push(request);
    response.end(`you said ${request.headers.authorization}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  mkdirSync(join(dir, 'shared'));
  writeBundle(dir, 'files', [`mcp_server: { run: ["{node}", "${FILESYSTEM}", "${dir}/shared"] }`]);
  writeBundle(dir, 'late', [`mcp_server: { run: ${lateServer(dir)} }`]);
  writeBundle(dir, 'house', httpTool(`127.0.0.1:${port}`));
  mesh = await startMesh(dir);
});
afterAll(async () => {
  const servers = serversOf(mesh);
  await mesh.stop();
  expect(servers.filter(isAlive)).toEqual([]);
  await removeMesh(mesh.dir);
  server.close();
});

/** Children of the agent: the servers that it keeps. */
function serversOf({ facts }: Mesh): readonly number[] {
  const [agent = 0] = facts.pids.agents;
  return readFileSync(`/proc/${agent}/task/${agent}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

async function describeTool(name: string): Promise<ToolDescriptor | null> {
  const { status, body } = await call(mesh, { path: `/v1/exec/tools/${name}` });
  return status === 200 ? ToolDescriptor.parse(body) : null;
}

async function output(executionId: string | null): Promise<string> {
  return (await send(mesh, { path: `/v1/exec/executions/${executionId}/raw` })).text();
}

proves(
  'providers.mcp',
  'reading is read, making a folder write, moving destructive, and a read runs',
  async () => {
    const risks = await Promise.all(
      ['read_text_file', 'create_directory', 'move_file'].map(
        async (name) => (await describeTool(`files.${name}`))?.risk,
      ),
    );
    expect(risks).toEqual(['read', 'write', 'destructive']);
    writeFileSync(shared('a.txt'), 'hello');
    const ended = await run(mesh, { tool: 'files.read_text_file', args: { path: shared('a.txt') } });
    expect(ended).toMatchObject({ status: 'completed', result: { exit_code: 0 } });
    expect(JSON.parse(await output(ended.execution_id))).toEqual({ content: 'hello' });
    const outside = await run(mesh, { tool: 'files.read_text_file', args: { path: '/etc/hostname' } });
    expect(outside).toMatchObject({ status: 'failed', error: { code: 'tool_exit_nonzero' } });
  },
);

proves('providers.mcp-gate', 'the file moves after the approval, once, and not before', async () => {
  writeFileSync(shared('from.txt'), 'precious');
  const args = { source: shared('from.txt'), destination: shared('to.txt') };
  const waiting = await ask(mesh, { tool: 'files.move_file', args });
  expect(waiting).toMatchObject({ status: 'pending_approval', attempt: 0 });
  expect(existsSync(shared('to.txt'))).toBe(false);
  await decide(mesh, waiting.approval?.id ?? '', { verb: 'approve' });
  expect(await settled(mesh, waiting.id)).toMatchObject({ status: 'completed', attempt: 1, error: null });
  expect(readFileSync(shared('to.txt'), 'utf8')).toBe('precious');
  expect(existsSync(shared('from.txt'))).toBe(false);
  expect(await read(mesh, waiting.id)).toMatchObject({ attempt: 1 });
});

proves('providers.mcp-late', 'the mesh is ready without it, and a call works once it is there', async () => {
  expect(await describeTool('late.read_text_file')).toBeNull();
  writeFileSync(join(mesh.dir, 'up'), '');
  await until(
    'the tools of the late server',
    async () => (await describeTool('late.read_text_file')) !== null,
  );
  writeFileSync(shared('b.txt'), 'late');
  const ended = await run(mesh, { tool: 'late.read_text_file', args: { path: shared('b.txt') } });
  expect(ended.status).toBe('completed');
});

proves('providers.http', 'a nasty argument is one segment, and the token is stars', async () => {
  const credentials = join(mesh.dir, 'agent', 'credentials', 'default');
  writeFileSync(credentials, `HOUSE_TOKEN=${SECRET}\n`, { mode: 0o600 });
  const [agent = 0] = mesh.facts.pids.agents;
  process.kill(agent, 'SIGHUP');
  const room = '../../admin?x=1#\r\nX-Injected: yes';
  const report = () => run(mesh, { tool: 'house.report', args: { room, note: 'a&b=c' } });
  let ended = await report();
  await until('the credentials', async () => {
    if (ended.status !== 'completed') ended = await report();
    return ended.status === 'completed';
  });
  const { url = '', headers } = asked.at(-1) ?? {};
  expect(url).toBe(`/rooms/${encodeURIComponent(room)}/report?note=a%26b%3Dc`);
  expect(headers).toMatchObject({ authorization: `Bearer ${SECRET}` });
  expect(headers).not.toHaveProperty('x-injected');
  expect(await output(ended.execution_id)).toBe(`you said Bearer ${'*'.repeat(SECRET.length)}`);
});
