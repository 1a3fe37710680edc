import { ROUTES } from '@xem/client';
import type { Policy } from '@xem/protocol';
import type { Session } from '../../../session.ts';

/** The policy that governs a workspace, or the project where no workspace is named. */
export async function governing(session: Session, workspace: string | undefined): Promise<Policy> {
  if (workspace === undefined) {
    const { data } = await session.call(ROUTES['policy.get'], { id: 'default' });
    return data;
  }
  const { data: page } = await session.call(ROUTES['policy.list'], { workspace_id: workspace });
  const [policy] = page.data;
  if (!policy) throw new Error('the router named no policy of the workspace');
  return policy;
}

/** Says on standard error what people should know of a policy. */
export async function warn({ print }: Session, { warnings }: Policy): Promise<void> {
  for (const warning of warnings) await print.note(`warning: ${warning}`);
}
