import { ExecError } from '@xem/errors';
import { topUpProject, type ParsedInputOf, type Project } from '@xem/protocol';
import type { CreditReader } from '@xem/store';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { knownUse, rememberUse } from '../idempotency/known-use.ts';
import { mutate, type Change } from '../mutate.ts';
import { loadProject, presentProject } from './present.ts';

type Input = ParsedInputOf<typeof topUpProject>;

/** What a request to grant credits came to. A replay granted nothing, and answers the project as it is now. */
export interface TopUp {
  readonly kind: 'credited' | 'replayed';
  readonly body: Project;
}

/** Sums beyond what a number holds exactly would be wrong without a word. @throws ExecError invalid_state */
async function assertRoom({ projectId }: VerbContext, rows: CreditReader, credits: number): Promise<void> {
  const granted = (await rows.get(projectId))?.granted ?? 0;
  if (Number.isSafeInteger(granted + credits)) return;
  throw new ExecError(
    'invalid_state',
    `the project was granted ${granted} credits, and cannot be granted more`,
  );
}

/**
 * Grants credits to the caller's project, and opens its account when it has none. With an idempotency key it is done
 * once however often it is asked. @throws ExecError scope_insufficient, exec_idempotency_conflict, invalid_state
 */
export const topUp = async (ctx: VerbContext, input: Input): Promise<TopUp> => {
  const { projectId } = ctx;
  const request = { operation: topUpProject, body: input };
  assertHuman(ctx, 'grants credits');
  return mutate(ctx, topUpProject, async (tx): Promise<Change<TopUp>> => {
    const project = await loadProject(ctx, tx.access);
    if (await knownUse(ctx, tx.idempotency, request))
      return { result: { kind: 'replayed', body: await presentProject(tx, project) }, facts: [] };
    await assertRoom(ctx, tx.credit, input.credits);
    await tx.credit.grant(projectId, input.credits);
    await rememberUse(ctx, tx, { ...request, madeId: projectId });
    const body = await presentProject(tx, project);
    const data = { credits: input.credits, granted: body.credit?.granted ?? 0 };
    const fact = { type: 'project.credited', subject: { type: 'project', id: projectId }, data } as const;
    return { result: { kind: 'credited', body }, facts: [fact] };
  });
};
