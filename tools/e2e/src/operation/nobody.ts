import type { Objects } from './row.ts';

const hex = (digit: string): string => digit.repeat(24);

/** Ids of their forms that nobody has. */
export const NOBODY: Objects = {
  agent: `agt_${hex('0')}`,
  api_key: `key_${hex('0')}`,
  approval: '01900000-0000-7000-8000-000000000001',
  delivery: `dlv_${hex('0')}`,
  execution: '01900000-0000-7000-8000-000000000002',
  invocation: '01900000-0000-7000-8000-000000000003',
  join_key: `jkr_${hex('0')}`,
  maintenance: `mnt_${hex('0')}`,
  policy: `pol_${hex('0')}`,
  principal: `prn_${hex('0')}`,
  webhook: `whk_${hex('0')}`,
  workspace: `ws_${hex('0')}`,
};
