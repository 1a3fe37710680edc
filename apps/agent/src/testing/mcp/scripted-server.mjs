import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A server over standard streams whose behaviour is in the folder that it is given: `tools.json` is what it lists,
 * `refuse` makes it end at once, and `log` is what it was asked. Each tool does what its name says.
 */
const [, , folder] = process.argv;

const log = (line) => appendFileSync(`${folder}/log`, `${line}\n`);
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

if (existsSync(`${folder}/refuse`)) {
  process.stderr.write(`not today\nthe key is ${process.env.TOKEN}\n`);
  process.exit(3);
}
log(`start ${process.pid}`);
if (existsSync(`${folder}/stubborn`))
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => log(name));

const TOOLS = {
  say: ({ text }) => ({ content: [{ type: 'text', text }] }),
  pair: () => ({
    content: [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ],
  }),
  fail: () => ({ content: [{ type: 'text', text: 'no such thing' }], isError: true }),
  picture: () => ({ content: [{ type: 'image', data: 'AAEC', mimeType: 'image/png' }] }),
  token: () => ({ content: [{ type: 'text', text: String(process.env.TOKEN) }] }),
  env: () => ({ content: [{ type: 'text', text: Object.keys(process.env).join(' ') }] }),
  announce: () => {
    send({ method: 'notifications/tools/list_changed' });
    return { content: [] };
  },
  flood: ({ bytes }) => ({ content: [{ type: 'text', text: 'x'.repeat(bytes) }] }),
  die: () => process.exit(1),
  wait: () => null,
};

const ANSWERS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'scripted', version: '1' },
  }),
  'tools/list': () => ({ tools: JSON.parse(readFileSync(`${folder}/tools.json`, 'utf8')) }),
  'tools/call': ({ name, arguments: args }) => {
    log(`call ${name}`);
    return TOOLS[name]?.(args);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === 'notifications/cancelled') log('cancelled');
  if (id === undefined) continue;
  const answer = ANSWERS[method];
  const result = answer?.(params);
  if (!answer || result === undefined)
    send({ id, error: { code: -32601, message: `no ${params?.name ?? method}` } });
  else if (result !== null) send({ id, result });
}
