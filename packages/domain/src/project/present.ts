import type { Project } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { AccessReader, CreditReader, CreditRecord, ProjectRecord, Tariff } from '@xem/store';
import type { Origin } from '../context.ts';

/** The caller's own project. @throws Error when it is not there */
export async function loadProject(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: AccessReader,
): Promise<ProjectRecord> {
  const row = await rows.project(projectId);
  if (!row) throw new Error(`there is no project ${projectId}`);
  return row;
}

const presentCredit = ({ granted, reserved, settled }: CreditRecord): Project['credit'] => ({
  granted,
  reserved,
  settled,
  available: granted - settled - reserved,
});

const presentTariff = ({ perCall, perSecond }: Tariff): Project['tariff'] => ({
  per_call: perCall,
  per_second: perSecond,
});

/** A project as it travels, with its account if it has one. */
export async function presentProject(
  { credit }: { readonly credit: CreditReader },
  { id, slug, name, paused, plan, rate, billing, tariff, createdAt }: ProjectRecord,
): Promise<Project> {
  const account = await credit.get(id);
  return {
    object: 'project',
    id,
    slug,
    name,
    paused,
    plan,
    rate,
    billing,
    tariff: tariff && presentTariff(tariff),
    credit: account && presentCredit(account),
    created_at: toTimestamp(createdAt),
  };
}
