import { ExecError } from '@xem/errors';
import type { PrincipalId } from '@xem/protocol';
import type { AccessReader, PrincipalRecord } from '@xem/store';
import type { Origin } from '../context.ts';

/** The row of a principal of the project; `param` is where a body names it. @throws ExecError principal_not_found */
export async function loadPrincipal(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: AccessReader,
  { id, param }: { readonly id: PrincipalId; readonly param?: string },
): Promise<PrincipalRecord> {
  const row = await rows.principal(projectId, id);
  if (row) return row;
  const place = param === undefined ? {} : { param };
  throw new ExecError('principal_not_found', `the project has no principal ${id}`, place);
}
