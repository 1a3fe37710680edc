import { ClientError, type RawOutput } from '@xem/client';
import type { OutputStream } from '@xem/protocol';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import type { Session } from '../../session.ts';

interface Download {
  readonly path: string;
  readonly id: string;
  readonly stream: OutputStream;
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function append(path: string, body: RawOutput['body']): Promise<void> {
  const file = await open(path, 'a');
  try {
    for await (const bytes of body) await file.appendFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Downloads beside the file first, so that what bears its name is whole, and what broke can go on. */
export async function downloadTo(session: Session, { path, id, stream }: Download): Promise<void> {
  const part = `${path}.${id}.${stream}.part`;
  const client = await session.client();
  const from = await sizeOf(part);
  const output = await client.raw(id, stream, { from });
  await append(part, output.body);
  if (from > 0 && output.sha256 !== null && (await hashOf(part)) !== output.sha256) {
    await rm(part);
    throw new ClientError({
      kind: 'malformed',
      code: 'internal',
      message: `${part} did not hold what it should; it is removed, run this again`,
    });
  }
  await rename(part, path);
  if (output.truncated) await session.print.note(`${stream}: the run wrote more than was kept`);
}
