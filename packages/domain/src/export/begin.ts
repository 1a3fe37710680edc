import type { EntryData } from '@xem/protocol';
import type { Governed, VerbContext } from '../context.ts';
import { assertMayRead } from '../journal/reader.ts';
import { mutate } from '../mutate.ts';

/** What is exported is sent in pieces of about this size. */
const PIECE_CHARACTERS = 64 * 1024;

/** Lets those through who may read the journal, and tells the journal what they take. @throws ExecError scope_insufficient */
export async function begin(
  ctx: VerbContext,
  operation: Governed,
  data: EntryData<'export.created'>,
): Promise<void> {
  assertMayRead(ctx);
  const subject = { type: 'export', id: `exp_${ctx.ids.hex()}` };
  await mutate(ctx, operation, async () => ({
    result: undefined,
    facts: [{ type: 'export.created', subject, data }],
  }));
}

/** Lines as bytes, in pieces that are not small. */
function* piecesOf(lines: readonly object[]): Generator<Uint8Array, void, void> {
  let text = '';
  for (const line of lines) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length < PIECE_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

/**
 * Writes pages of lines at the pace of whoever reads: the next page is read once the last is gone, and others get a turn
 * in between.
 */
export async function* linesOf(
  ctx: VerbContext,
  pages: AsyncIterable<readonly object[]>,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const page of pages) {
    yield* piecesOf(page);
    await ctx.clock.sleep(0);
  }
}
