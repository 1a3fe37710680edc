import { DAY_SECONDS } from '../duration.ts';
import { z } from 'zod';
import { PolicyId, ProjectId, Timestamp, WorkspaceId } from '../id.ts';
import { RISKS } from '../word.ts';
import { PrincipalRef } from './principal.ts';
import { Risk } from './tool.ts';

const ALWAYS_GATED = ['destructive', 'irreversible'] as const;

/** A group of principals, as their `groups` name it. */
const Group = z.string().min(1).max(64);

const Seconds = z
  .int()
  .min(1)
  .max(7 * DAY_SECONDS);
const OnTimeout = z.enum(['escalate', 'reject']);

/** Rows of a quorum; `*` is everybody. */
const People = z
  .array(z.strictObject({ group: Group, count: z.int().min(1).max(100) }))
  .min(1)
  .max(8);

/** How many people must agree: one row of `any_of`, or every row of `all_of`. */
const PolicyQuorum = z
  .strictObject({ any_of: People.optional(), all_of: People.optional() })
  .refine((quorum) => (quorum.any_of === undefined) !== (quorum.all_of === undefined), {
    error: 'give any_of or all_of, one of the two',
  });

const Required = z
  .array(Risk)
  .max(RISKS.length)
  .refine((risks) => ALWAYS_GATED.every((risk) => risks.includes(risk)), {
    error: 'destructive and irreversible always wait; it can only hold more than these',
  });

/** One for both gates, or one for each. */
const AllowSelfApproval = z.union([
  z.boolean(),
  z.strictObject({ destructive: z.boolean(), irreversible: z.boolean() }),
]);

/** Who is asked next, and how long they have; an empty list of groups, or `*` in it, is everybody. */
const EscalationChain = z
  .array(z.strictObject({ stage: z.int(), groups: z.array(Group).max(16), timeout_seconds: Seconds }))
  .max(8)
  .superRefine((chain, issues) => {
    const at = chain.findIndex(({ stage }, index) => stage !== index + 1);
    if (at === -1) return;
    issues.addIssue({
      code: 'custom',
      path: [at, 'stage'],
      message: `stages are numbered 1, 2, 3 in their order: this one is ${at + 1}`,
    });
  });

/** The rules of a policy, as they travel. */
export const PolicyMembers = z.object({
  policy_name: z.string().min(1).max(64),
  require: Required,
  timeout_seconds_destructive: Seconds,
  timeout_seconds_irreversible: Seconds,
  on_timeout_destructive: OnTimeout,
  on_timeout_irreversible: OnTimeout,
  quorum_destructive: PolicyQuorum,
  quorum_irreversible: PolicyQuorum,
  allow_self_approval: AllowSelfApproval,
  require_confirm_irreversible: z.boolean(),
  decide_with: z.enum(['any', 'interactive']),
  escalation_chain: EscalationChain,
});
export type PolicyMembers = z.infer<typeof PolicyMembers>;

/** All rules of a policy together take at most this many bytes of JSON. */
export const POLICY_BYTES_MAX = 3 * 1024;

/** A version of an approval policy; `workspace_id` is null for the project's own. */
export const Policy = z
  .object({
    object: z.literal('approval_policy'),
    id: PolicyId,
    project_id: ProjectId,
    workspace_id: WorkspaceId.nullable(),
    version: z.int().min(1),
    ...PolicyMembers.shape,
    retired: z.boolean(),
    warnings: z.array(z.string()),
    created_by: PrincipalRef.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'ApprovalPolicy' });
export type Policy = z.infer<typeof Policy>;
