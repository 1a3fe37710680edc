import { open, rename } from 'node:fs/promises';
import type { Input, Route } from '@xem/client';
import { NotSent, type Session } from '../../session.ts';

/** Writes to a file beside first, so that what bears the name is whole. */
async function writeFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  let written = 0;
  try {
    for await (const piece of bytes) {
      await file.appendFile(piece);
      written += piece.byteLength;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  return written;
}

interface Export<Id extends 'export.executions' | 'export.journal'> {
  readonly route: Route<Id>;
  readonly input: Input<Id>;
  /** Standard output when there is none. */
  readonly path: string | undefined;
}

/** Takes an export to a file, or to standard output. @throws ClientError, NotSent */
export async function takeOut<const Id extends 'export.executions' | 'export.journal'>(
  session: Session,
  { route, input, path }: Export<Id>,
): Promise<void> {
  const client = await session.client();
  if (session.flags.dryRun) throw new NotSent(client.layOut(route, input));
  const bytes = client.download(route, input);
  if (path !== undefined) {
    await session.print.note(`${path}: ${await writeFile(path, bytes)} bytes`);
    return;
  }
  for await (const piece of bytes) await session.io.stdout.write(piece);
}
