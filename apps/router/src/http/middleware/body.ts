import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { ExecError } from '@xem/errors';
import type { HttpContext } from '../edge.ts';

const tooLarge = (bytesMax: number): ExecError =>
  new ExecError('payload_too_large', `the body is larger than ${bytesMax} bytes`);

const cutShort = (cause?: unknown): ExecError =>
  new ExecError('invalid_body', 'the body ended before its announced length', { cause });

/** Collects what arrives on a socket and stops as soon as it is too much. */
function readIncoming(incoming: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (settle: () => void): void => {
      incoming.off('data', take).off('end', end).off('error', fail).off('close', fail);
      settle();
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > bytesMax) return finish(() => reject(tooLarge(bytesMax)));
      chunks.push(chunk);
    };
    const end = (): void =>
      finish(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const fail = (cause?: unknown): void => finish(() => reject(cutShort(cause)));
    if (incoming.readableEnded) return resolve(Buffer.alloc(0));
    incoming.on('data', take).on('end', end).on('error', fail).on('close', fail);
  });
}

async function readWeb(request: Request, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Refuses a body that announces itself as too large, before any of it is read. @throws ExecError payload_too_large */
export function assertLength(c: HttpContext, bytesMax: number): void {
  if (Number(c.req.header('content-length') ?? 0) > bytesMax) throw tooLarge(bytesMax);
}

/** Reads a body of at most `bytesMax` bytes. @throws ExecError payload_too_large as soon as it is larger */
export function readBody(c: HttpContext, bytesMax: number): Promise<Buffer> {
  const incoming = c.env?.incoming;
  return incoming ? readIncoming(incoming, bytesMax) : readWeb(c.req.raw, bytesMax);
}

/** The text of a body. @throws ExecError invalid_body when it is not UTF-8 */
export function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new ExecError('invalid_body', 'the body is not valid UTF-8');
  return body.toString('utf8');
}
