import { hashJson, updateProject, type ParsedInputOf, type Project } from '@xem/protocol';
import type { ProjectRecord, Tariff } from '@xem/store';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { loadProject, presentProject } from './present.ts';

type Update = ParsedInputOf<typeof updateProject>;

const tariffOf = ({ per_call, per_second }: NonNullable<Update['tariff']>): Tariff => ({
  perCall: per_call,
  perSecond: per_second,
});

const updated = (row: ProjectRecord, { name, plan, rate, billing, tariff }: Update): ProjectRecord => ({
  ...row,
  name: name ?? row.name,
  plan: plan ?? row.plan,
  rate: rate === undefined ? row.rate : rate,
  billing: billing ?? row.billing,
  tariff: tariff === undefined ? row.tariff : tariff && tariffOf(tariff),
});

const updatedFact = ({ id, name, plan, rate, billing, tariff }: Project): Fact => ({
  type: 'project.updated',
  subject: { type: 'project', id },
  data: { name, plan, rate, billing, tariff },
});

/** The name is anybody's who manages; what the project may send and must pay is for people. @throws ExecError scope_insufficient */
function assertMayChange(ctx: VerbContext, { name: _name, ...terms }: Update): void {
  if (Object.values(terms).some((value) => value !== undefined))
    assertHuman(ctx, 'changes the plan, rate, billing or tariff of a project');
}

/**
 * Changes the caller's project. Its rate and its billing hold from the next request on. A tariff opens the account of
 * the project: from then on its calls need credit. @throws ExecError scope_insufficient
 */
export const update = async (ctx: VerbContext, input: Update): Promise<Project> => {
  assertMayChange(ctx, input);
  return mutate(ctx, updateProject, async (tx) => {
    const before = await loadProject(ctx, tx.access);
    const after = updated(before, input);
    if (hashJson(after) === hashJson(before)) return { result: await presentProject(tx, before), facts: [] };
    if (after.tariff !== null) await tx.credit.grant(ctx.projectId, 0);
    const result = await presentProject(tx, await tx.access.saveProject(after));
    return { result, facts: [updatedFact(result)] };
  });
};
