import { Agent, request, type IncomingMessage } from 'node:http';
import type { Driver, HttpDriver } from './driver.ts';

const textOf = (answer: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    answer.on('data', (piece: Buffer) => pieces.push(piece));
    answer.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
    answer.on('error', reject);
  });

/** Calls over HTTP; each call that is under way has a connection, which the next one takes over. */
export function httpDriver(spec: HttpDriver): Driver {
  const agent = new Agent({ keepAlive: true });
  const send = (n: number): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const body = spec.body.join(String(n));
      const key = spec.keyHeader === null ? {} : { [spec.keyHeader]: `bench-${n}` };
      const headers = { ...spec.headers, ...key, 'content-length': Buffer.byteLength(body) };
      const sent = request(spec.url, { method: 'POST', agent, headers }, resolve);
      sent.on('error', reject);
      sent.end(body);
    });
  return {
    call: async (n) => {
      const text = await textOf(await send(n));
      if (!text.includes(spec.expects.join(String(n)))) throw new Error(`call ${n} was answered ${text}`);
    },
    rest: () => agent.destroy(),
  };
}
