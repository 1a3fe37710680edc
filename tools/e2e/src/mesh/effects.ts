import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Mesh } from './mesh.ts';

const Effect = z.object({
  invocation_id: z.string(),
  attempt: z.number(),
  args: z.record(z.string(), z.unknown()),
});

/** What the demo tools really did, as they wrote it down: the witness of every test about effects. */
export function effectsOf({ facts }: Mesh, invocationId: string): readonly z.infer<typeof Effect>[] {
  if (!existsSync(facts.effect_log)) return [];
  const lines = readFileSync(facts.effect_log, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => Effect.parse(JSON.parse(line)))
    .filter((effect) => effect.invocation_id === invocationId);
}
