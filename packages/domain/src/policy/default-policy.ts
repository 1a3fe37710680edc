import { PolicyId } from '@xem/protocol';
import type { PolicyRecord } from '@xem/store';
import type { WriteContext } from '../context.ts';
import type { Fact } from '../mutate.ts';
import { POLICY_PRESETS } from './presets.ts';

/** The policy that a project has from its first moment on. */
export const defaultPolicy = ({ ids, clock, projectId }: WriteContext): PolicyRecord => ({
  id: PolicyId.parse(`pol_${ids.hex()}`),
  version: 1,
  projectId,
  workspaceId: null,
  name: 'standard',
  rules: POLICY_PRESETS.standard,
  createdBy: null,
  createdAt: clock.now(),
  retired: false,
});

/** What the journal hears of a new policy, or of a new version of one. */
export const policyCreated = ({ id, name, version, workspaceId }: PolicyRecord): Fact => ({
  type: 'policy.created',
  subject: { type: 'policy', id },
  refs: workspaceId === null ? {} : { workspace_id: workspaceId },
  data: { name, version },
});
