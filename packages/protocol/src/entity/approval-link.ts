import { z } from 'zod';
import { ApprovalId, LinkId, ProjectId, Timestamp } from '../id.ts';
import { PrincipalRef } from './principal.ts';

/** `ended` is a link that can no longer be used though its time is not over: decided without it, or its minter may not. */
export const APPROVAL_LINK_STATUSES = ['active', 'used', 'expired', 'ended'] as const;

/** A one-time link with which a named reviewer gives one vote. `url` is in the answer to its creation only. */
export const ApprovalLink = z
  .object({
    object: z.literal('approval_link'),
    id: LinkId,
    project_id: ProjectId,
    approval_id: ApprovalId,
    reviewer: PrincipalRef,
    groups: z.array(z.string()),
    status: z.enum(APPROVAL_LINK_STATUSES),
    url: z.url().optional(),
    expires_at: Timestamp,
    used_at: Timestamp.nullable(),
    created_at: Timestamp,
    created_by: PrincipalRef,
  })
  .meta({ id: 'ApprovalLink' });
export type ApprovalLink = z.infer<typeof ApprovalLink>;
