import type { PrincipalRef } from '@xem/protocol';
import { seededIds, virtualClock } from '@xem/runtime/testing';
import type { ApiKeyRecord, ApprovalRecord, DecisionRecord, PrincipalRecord } from '@xem/store';
import {
  makeApiKey,
  makeApproval,
  makeInvocation,
  makePrincipal,
  makeProject,
  makeWorkspace,
  type Making,
} from '@xem/store/testing';
import { toCaller } from '../access/caller.ts';
import type { Caller, Credential } from '../context.ts';

function making(): Making {
  const clock = virtualClock();
  return { clock, ids: seededIds(clock) };
}

/** What is special about somebody who decides: otherwise a human of no group, whose key may decide. */
export interface Judged {
  readonly principal?: Partial<PrincipalRecord>;
  readonly key?: Partial<ApiKeyRecord>;
  readonly kind?: Credential['kind'];
}

/** Somebody who decides, without a store. */
export function judgedCaller({ principal: person, key: made, kind = 'key' }: Judged = {}): Caller {
  const parts = making();
  const project = makeProject(parts);
  const principal = makePrincipal(parts, { projectId: project.id, groups: [], ...person });
  const key = makeApiKey(parts, { projectId: project.id, principalId: principal.id, ...made });
  return toCaller({ key, principal, project }, { kind, expiresAt: null });
}

/** What is decided, without a store. */
export function judgedApproval(some: Partial<ApprovalRecord> = {}): ApprovalRecord {
  const parts = making();
  const workspace = makeWorkspace(parts, { projectId: makeProject(parts).id });
  return makeApproval(parts, makeInvocation(parts, workspace), some);
}

/** A yes that somebody gave before. */
export const givenBy = (who: PrincipalRef): DecisionRecord => ({
  id: '00000000-0000-7000-8000-000000000000',
  decision: 'approve',
  decided_by: who,
  note: null,
  channel: 'rest',
  stage: 0,
  at: '1970-01-01T00:00:00.000Z',
  groups: [],
});
