import { topUpProject, updateProject, type InputOf, type Project } from '@xem/protocol';
import type { CreditRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { topUp } from '../project/top-up.ts';
import { update } from '../project/update.ts';
import type { TestWorld } from './world.ts';

/** Changes the project as an operator does. */
export const changeProject = (
  { operator }: Pick<TestWorld, 'operator'>,
  input: InputOf<typeof updateProject>,
): Promise<Project> => update(operator, updateProject.input.parse(input));

/** Makes the calls of the project cost credits, of which it gets some; callers must be authenticated anew. */
export async function meter(
  world: Pick<TestWorld, 'operator'>,
  { credits, perCall, perSecond }: Readonly<Record<'credits' | 'perCall' | 'perSecond', number>>,
): Promise<void> {
  await changeProject(world, { tariff: { per_call: perCall, per_second: perSecond } });
  if (credits > 0) await topUp(world.operator, topUpProject.input.parse({ credits }));
}

/** The caller as a request that comes in now makes it. */
export const afresh = ({ as, seed }: TestWorld): Promise<VerbContext> => as(seed.keys.service);

/** The account of the project. @throws Error when it has none */
export async function accountOf({ store, operator }: TestWorld): Promise<CreditRecord> {
  const account = await store.read.credit.get(operator.projectId);
  if (!account) throw new Error('the project has no account');
  return account;
}
