import { GATED_RISKS, type ProjectId, type Risk, type WorkspaceId } from '@xem/protocol';
import type { PolicyReader, PolicyRecord, PolicyRules } from '@xem/store';

/** The two kinds of gate; a policy that also gates lesser risks holds them to the rules of `destructive`. */
export type Gate = 'destructive' | 'irreversible';

export const gateOf = (risk: Risk): Gate => (risk === 'irreversible' ? 'irreversible' : 'destructive');

/** Whether a risk waits for a human. No policy can open the gate of destructive and irreversible tools. */
export const requiresApproval = ({ require }: PolicyRules, risk: Risk): boolean =>
  GATED_RISKS.has(risk) || require.includes(risk);

/** The policy of a workspace, or of the project as a whole. Every project has one from its first moment on. @throws Error when it has none */
export async function policyInForce(
  policies: PolicyReader,
  { projectId, workspaceId }: { readonly projectId: ProjectId; readonly workspaceId: WorkspaceId | null },
): Promise<PolicyRecord> {
  const policy = await policies.inForce(projectId, workspaceId);
  if (!policy) throw new Error(`project ${projectId} has no approval policy`);
  return policy;
}
