import { PolicyId } from '@xem/protocol';
import type { PolicyRecord } from '@xem/store';
import type { WriteContext } from '../context.ts';
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
