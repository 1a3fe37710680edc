import { OUTPUT_STREAMS, UUID_FORM, type OutputStream } from '@xem/protocol';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { argument, choice, text } from '../flag.ts';
import { downloadTo } from './download.ts';

async function copy(session: Session, id: string, streams: readonly OutputStream[]): Promise<void> {
  const client = await session.client();
  for (const stream of streams) {
    const output = await client.raw(id, stream);
    const sink = streams.length > 1 ? session.io[stream] : session.io.stdout;
    for await (const bytes of output.body) await sink.write(bytes);
    if (output.truncated) await session.print.note(`${stream}: the run wrote more than was kept`);
  }
}

export const raw = command({
  about:
    'Writes standard output to standard output and standard error to standard error, each to the last byte. With --stream one of them goes to standard output; with --file it goes to a file, and a download that broke goes on where it broke.',
  flags: {
    file: text('PATH', 'Write to this file'),
    stream: choice(OUTPUT_STREAMS, 'Only this stream; standard output with --file'),
  },
  args: { id: argument('EXECUTION-ID', 'The id of the execution', UUID_FORM) },
  run: async (session, { flags, args }) => {
    if (flags.file === undefined)
      return copy(session, args.id, flags.stream ? [flags.stream] : OUTPUT_STREAMS);
    return downloadTo(session, { path: flags.file, id: args.id, stream: flags.stream ?? 'stdout' });
  },
});
