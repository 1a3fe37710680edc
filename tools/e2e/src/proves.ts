import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastWords } from '@xem/runtime/testing';
import { test, type TestContext } from 'vitest';
import { GUARANTEES, type GuaranteeId } from './guarantees.ts';
import { MESH_PREFIX } from './mesh/mesh.ts';

/** Tells what the programs of every mesh that is there said last: what failed may not happen again. */
function tellLastWords(): void {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(MESH_PREFIX));
  for (const name of folders) process.stderr.write(`${name}\n${lastWords(join(tmpdir(), name))}`);
}

/** A test that proves a guarantee; its name is the guarantee's own sentence, and what of it is shown here. */
export function proves(id: GuaranteeId, aspect: string, body: (context: TestContext) => Promise<void>): void {
  test(`${id}: ${GUARANTEES[id].says} (${aspect})`, async (context) => {
    context.signal.addEventListener('abort', tellLastWords, { once: true });
    try {
      await body(context);
    } catch (error) {
      if (!context.signal.aborted) tellLastWords();
      throw error;
    }
  });
}
