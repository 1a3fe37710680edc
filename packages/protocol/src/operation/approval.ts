import { z } from 'zod';
import { Approval, ApprovalStatusWord } from '../entity/approval.ts';
import { Risk } from '../entity/tool.ts';
import { ApprovalId, InvocationId, Sha256, ToolName, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

const Note = z.string().max(2000);

/** The tool's name typed back, and the call that was shown. */
const Shown = { confirm: z.string().max(64).optional(), call_sha256: Sha256.optional() };

const DECISION_ERRORS = [
  'approval_not_found',
  'approval_not_pending',
  'approval_stale',
  'approver_not_eligible',
  'confirmation_required',
] as const;

export const listApprovals = operation({
  id: 'approval.list',
  method: 'GET',
  path: '/exec/approvals',
  scope: 'execution',
  summary: 'List approvals, newest first',
  answers: 'json',
  input: z.strictObject({
    ...PageQuery.shape,
    status: ApprovalStatusWord.optional(),
    risk: Risk.optional(),
    tool: ToolName.optional(),
    workspace_id: WorkspaceId.optional(),
    invocation_id: InvocationId.optional(),
  }),
  output: pageOf(Approval, 'ApprovalList'),
  errors: [],
});

export const getApproval = operation({
  id: 'approval.get',
  method: 'GET',
  path: '/exec/approvals/:id',
  scope: 'execution',
  summary: 'Read an approval',
  answers: 'json',
  input: z.strictObject({ id: ApprovalId }),
  output: Approval,
  errors: ['approval_not_found'],
});

export const approveApproval = operation({
  id: 'approval.approve',
  method: 'POST',
  path: '/exec/approvals/:id/approve',
  scope: 'execution',
  summary: 'Let a waiting call run',
  answers: 'json',
  input: z.strictObject({ id: ApprovalId, note: Note.optional(), ...Shown }),
  output: Approval,
  errors: DECISION_ERRORS,
});

export const breakGlassApproval = operation({
  id: 'approval.break_glass',
  method: 'POST',
  path: '/exec/approvals/:id/break-glass',
  scope: 'break_glass',
  summary: 'Let a waiting call run alone, in an emergency',
  answers: 'json',
  input: z.strictObject({ id: ApprovalId, reason: z.string().trim().min(1).max(500), ...Shown }),
  output: Approval,
  errors: DECISION_ERRORS,
});

export const rejectApproval = operation({
  id: 'approval.reject',
  method: 'POST',
  path: '/exec/approvals/:id/reject',
  scope: 'execution',
  summary: 'Refuse a waiting call',
  answers: 'json',
  input: z.strictObject({ id: ApprovalId, reason: Note.optional() }),
  output: Approval,
  errors: ['approval_not_found', 'approval_not_pending', 'approver_not_eligible'],
});
