import { fork } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Calls } from './message.ts';
import { FloorStore } from './store.ts';

/**
 * The floor: the path of a call with nothing around it. HTTP, a row that is on disk before the worker hears of it, a
 * process of its own that does the work, a result that is on disk before anybody is answered. What comes in during one
 * turn of the event loop is committed together.
 */
const store = new FloorStore(process.argv[2] ?? '');
const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)));
const waiting = new Map<number, ServerResponse>();
let created: Calls = [];
let finished: Calls = [];
let due = false;
let lastId = 0;

function flush(): void {
  const [news, ends] = [created, finished];
  [created, finished, due] = [[], [], false];
  store.begin();
  for (const [id, args] of news) store.create({ id, args });
  for (const [id, result] of ends) store.finish(id, result);
  store.commit();
  if (news.length > 0) worker.send(news);
  for (const [id] of ends) answer(id);
}

function flushSoon(): void {
  if (!due) setImmediate(flush);
  due = true;
}

function answer(id: number): void {
  waiting.get(id)?.end(`{"id":${id},"result":${store.resultOf(id)}}`);
  waiting.delete(id);
}

function take(response: ServerResponse, args: string): void {
  const id = (lastId += 1);
  waiting.set(id, response);
  created.push([id, args]);
  flushSoon();
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json');
  if (request.method === 'GET') return void response.end(`{"calls":${store.count()}}`);
  let args = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => (args += text));
  request.on('end', () => take(response, args));
}

worker.on('message', (message) => {
  finished.push(...Calls.parse(message));
  flushSoon();
});
process.on('disconnect', () => process.exit(0));

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  process.send?.({ port, pids: [process.pid, worker.pid] });
});
