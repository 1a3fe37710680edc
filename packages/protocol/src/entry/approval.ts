import { z } from 'zod';
import { DecisionChannel } from '../entity/approval.ts';
import { PrincipalRef } from '../entity/principal.ts';
import { LinkId, Sha256, Timestamp, ToolName } from '../id.ts';
import { Address, row } from './row.ts';

const GATED = {
  tool: ToolName.describe('Name of the tool of the call'),
  call_sha256: Sha256.describe('Hash of everything a decision is bound to'),
  stage: z.int().min(0).describe('Stage of the escalation chain, from 0'),
};

const DECIDED = {
  ...GATED,
  decided_by: PrincipalRef.nullable().describe('Whose voice it was'),
  channel: DecisionChannel.nullable().describe('The way it came in'),
  note: z.string().nullable().describe('The first 500 characters of what they said with it'),
};

/** What the journal hears of the decisions that calls wait for. */
export const APPROVAL_ENTRIES = {
  'approval.requested': row('exec.approval_requested', GATED),
  'approval.voted': row(null, DECIDED),
  'approval.approved': row('exec.approved', DECIDED),
  'approval.rejected': row(null, DECIDED),
  'approval.escalated': row('exec.approval_escalated', GATED),
  'approval.link_created': row(null, {
    ...GATED,
    link_id: LinkId.describe('The link; a vote that is given through it names it'),
    reviewer: PrincipalRef.describe('For whom it is'),
    expires_at: Timestamp.describe('Until when it can be opened'),
  }),
  'approval.link_opened': row(null, {
    ...GATED,
    link_id: LinkId.describe('The link; it opens nothing a second time'),
    reviewer: PrincipalRef.describe('For whom it is'),
    address: Address,
    ends_at: Timestamp.describe('Until when a vote can be given through it'),
  }),
  'approval.break_glass': row('exec.approved', {
    ...GATED,
    decided_by: PrincipalRef.nullable().describe('Who broke the glass'),
    reason: z.string().nullable().describe('What they said they did it for'),
  }),
  'approval.expired': row(null, GATED),
  'approval.withdrawn': row(null, {
    ...GATED,
    because: z.string().describe('The code of the call’s end, or `restored` after a restore of the router'),
    call_sha256_now: Sha256.optional().describe(
      'What the hash would be now, when the call changed while it waited',
    ),
  }),
} as const;
