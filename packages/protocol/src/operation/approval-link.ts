import { DAY_SECONDS } from '../duration.ts';
import { z } from 'zod';
import { ApprovalLink } from '../entity/approval-link.ts';
import { ApprovalId, PrincipalId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

export const listApprovalLinks = operation({
  id: 'approval.links',
  method: 'GET',
  path: '/exec/approvals/:id/links',
  scope: 'execution',
  summary: 'List the one-time links to an approval, newest first',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape, id: ApprovalId }),
  output: pageOf(ApprovalLink, 'ApprovalLinkList'),
  errors: ['approval_not_found'],
});

export const linkApproval = operation({
  id: 'approval.link',
  method: 'POST',
  path: '/exec/approvals/:id/links',
  scope: 'execution',
  summary: 'Let a named reviewer give one vote by a one-time link',
  answers: 'json',
  status: 201,
  input: z.strictObject({
    id: ApprovalId,
    reviewer: PrincipalId,
    expires_in_seconds: z
      .int()
      .min(1)
      .max(30 * DAY_SECONDS)
      .optional(),
  }),
  output: ApprovalLink,
  errors: [
    'approval_not_found',
    'approval_not_pending',
    'approver_not_eligible',
    'principal_not_found',
    'invalid_state',
  ],
});
