import { systemClock, systemIds } from '@xem/runtime';
import { Interrupted } from './exit.ts';
import type { Io, Sink, Source } from './io.ts';

const COLUMNS = 80;

function sinkOf(stream: NodeJS.WriteStream): Sink {
  // A reader that went away is told to whoever writes next, by the callback; without a listener it would be a crash.
  stream.on('error', () => undefined);
  return {
    isTty: stream.isTTY,
    columns: stream.columns || COLUMNS,
    write: (data) =>
      new Promise((resolve, reject) => {
        stream.write(data, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

const stdinSource = (): Source => ({
  isTty: process.stdin.isTTY,
  text: async () => {
    const { text } = await import('node:stream/consumers');
    return text(process.stdin);
  },
  ask: async (question) => {
    const { createInterface } = await import('node:readline/promises');
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    const { promise: left, resolve: leave, reject: interrupt } = Promise.withResolvers<string>();
    prompt.once('SIGINT', () => interrupt(new Interrupted('interrupted')));
    prompt.once('close', () => leave(''));
    try {
      return await Promise.race([prompt.question(question), left]);
    } finally {
      prompt.close();
    }
  },
});

/** The world of this process. */
export function processIo(): Io {
  const clock = systemClock();
  return {
    stdin: stdinSource(),
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    env: process.env,
    clock,
    ids: systemIds(clock),
    onInterrupt: (call) => {
      process.on('SIGINT', call);
      return () => process.off('SIGINT', call);
    },
  };
}
