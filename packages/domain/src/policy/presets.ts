import type { PolicyRules } from '@xem/store';

const ONE_PERSON = { any_of: [{ group: '*', count: 1 }] };
const TWO_PEOPLE = { any_of: [{ group: '*', count: 2 }] };

const standard: PolicyRules = {
  require: ['destructive', 'irreversible'],
  timeoutSeconds: { destructive: 900, irreversible: 3600 },
  onTimeout: { destructive: 'escalate', irreversible: 'reject' },
  quorum: { destructive: ONE_PERSON, irreversible: ONE_PERSON },
  allowSelfApproval: { destructive: true, irreversible: true },
  requireConfirmIrreversible: true,
  decideWith: 'any',
  escalationChain: [],
};

/**
 * The policies that come with the mesh. `standard` guards against machines and haste, `elevated` lets nobody decide
 * their own irreversible call, `restricted` asks two people for those and takes decisions from a browser only.
 */
export const POLICY_PRESETS = {
  standard,
  elevated: { ...standard, allowSelfApproval: { destructive: true, irreversible: false } },
  restricted: {
    ...standard,
    allowSelfApproval: { destructive: false, irreversible: false },
    quorum: { destructive: ONE_PERSON, irreversible: TWO_PEOPLE },
    decideWith: 'interactive',
  },
} as const satisfies Record<string, PolicyRules>;
