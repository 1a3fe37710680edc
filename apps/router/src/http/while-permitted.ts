import type { Admitted } from './edge.ts';
import { watchCaller } from './watch-caller.ts';

/** Passes bytes on as long as the caller may have them, then cuts the line. */
export async function* whilePermitted(
  request: Admitted,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const watch = watchCaller(request, () => request.c.env?.outgoing?.destroy());
  try {
    yield* pieces;
  } finally {
    watch.stop();
  }
}
