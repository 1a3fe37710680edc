import {
  AgentId,
  ApiKeyId,
  hashJson,
  PrincipalId,
  ProjectId,
  WorkspaceId,
  type PrincipalRef,
} from '@xem/protocol';
import type { Clock, IdSource } from '@xem/runtime';
import type {
  ApiKeyRecord,
  BindingRecord,
  PrincipalRecord,
  ProjectRecord,
  WorkspaceRecord,
} from '../../record/access.ts';

/** Where made-up records take their times and ids from. */
export interface Making {
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Somebody who acts, by the id of a made-up principal. */
export const refTo = ({ id, kind, name }: PrincipalRecord): PrincipalRef => ({ id, kind, name });

export function makeProject({ clock, ids }: Making, some: Partial<ProjectRecord> = {}): ProjectRecord {
  const id = ProjectId.parse(`prj_${ids.hex()}`);
  return {
    id,
    version: 1,
    slug: id.slice(4, 12),
    name: 'Project',
    paused: null,
    plan: 'standard',
    rate: null,
    billing: 'current',
    tariff: null,
    createdAt: clock.now(),
    ...some,
  };
}

export function makePrincipal(
  { clock, ids }: Making,
  some: Partial<PrincipalRecord> & Pick<PrincipalRecord, 'projectId'>,
): PrincipalRecord {
  return {
    id: PrincipalId.parse(`prn_${ids.hex()}`),
    kind: 'human',
    name: 'Ann',
    groups: ['ops'],
    disabled: false,
    empoweredAt: null,
    createdBy: null,
    createdAt: clock.now(),
    ...some,
  };
}

export function makeApiKey(
  { clock, ids }: Making,
  some: Partial<ApiKeyRecord> & Pick<ApiKeyRecord, 'projectId' | 'principalId'>,
): ApiKeyRecord {
  const id = ApiKeyId.parse(`key_${ids.hex()}`);
  return {
    id,
    name: 'laptop',
    prefix: 'xk_test_1234',
    valueSha256: hashJson(id),
    scopes: ['execution'],
    canDecide: true,
    rate: { per_minute: 600, burst: 60 },
    endpoints: null,
    ipAllow: null,
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
    rotatedFrom: null,
    families: [id],
    createdAt: clock.now(),
    ...some,
  };
}

export function makeWorkspace(
  { clock, ids }: Making,
  some: Partial<WorkspaceRecord> & Pick<WorkspaceRecord, 'projectId'>,
): WorkspaceRecord {
  return {
    id: WorkspaceId.parse(`ws_${ids.hex()}`),
    version: 1,
    name: 'cluster',
    type: null,
    model: null,
    paused: null,
    concurrency: null,
    createdAt: clock.now(),
    ...some,
  };
}

export function makeBinding(
  { clock }: Making,
  some: Partial<BindingRecord> & Omit<BindingRecord, 'createdAt'>,
): BindingRecord {
  return { createdAt: clock.now(), ...some };
}

export const makeAgentId = ({ ids }: Making): AgentId => AgentId.parse(`agt_${ids.hex()}`);
