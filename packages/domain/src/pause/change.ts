import type { Pause } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { WriteTx } from '@xem/store';
import type { Governed, VerbContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { review } from './hold.ts';
import type { PausableId, TakeBack } from './pauses.ts';

interface Row {
  readonly id: PausableId;
  readonly paused: Pause | null;
}

/** An agent, a workspace or a project, as something that can be paused. */
interface Pausable<Subject extends Row> {
  readonly operation: Governed;
  /** Pause it, or resume it. */
  readonly pause: boolean;
  readonly reason: string | undefined;
  readonly load: (tx: WriteTx) => Promise<Subject>;
  readonly save: (tx: WriteTx, row: Subject) => Promise<Subject>;
  readonly fact: (row: Subject, data: { readonly reason: string | null }) => Fact;
}

/**
 * Pauses or resumes something, with the clocks of the calls that wait for it. What is paused already stays as it is,
 * first reason and all; what is not paused is not resumed: both answer what there is.
 */
export async function changePause<Subject extends Row>(
  ctx: VerbContext,
  { operation, pause, load, save, fact, ...given }: Pausable<Subject>,
): Promise<Subject> {
  const reason = given.reason ?? null;
  const changed: TakeBack[] = [];
  try {
    return await mutate(ctx, operation, async (tx) => {
      const row = await load(tx);
      if ((row.paused !== null) === pause) return { result: row, facts: [] };
      const paused = pause ? { reason, by: ctx.caller.principal, at: toTimestamp(ctx.clock.now()) } : null;
      const saved = await save(tx, { ...row, paused });
      changed.push(ctx.pauses.set(row.id, paused));
      await review(ctx, tx);
      return { result: saved, facts: [fact(saved, { reason })] };
    });
  } catch (err) {
    for (const takeBack of changed) takeBack();
    throw err;
  }
}
