import { ExecError } from '@xem/errors';
import {
  canonicalJson,
  POLICY_BYTES_MAX,
  POLICY_PRESET_NAMES,
  PolicyId,
  PolicyMembers,
  type ParsedInputOf,
  type putPolicy,
} from '@xem/protocol';
import type { PolicyRecord, PolicyRules, Reader } from '@xem/store';
import { isDeepStrictEqual } from 'node:util';
import type { VerbContext } from '../context.ts';
import { loadWorkspace } from '../workspace/load.ts';
import { findDoubts } from './answerable.ts';
import { toMembers, toRules } from './members.ts';
import { POLICY_PRESETS } from './presets.ts';
import { policyInForce } from './rules.ts';

/** What is asked for. */
export type PolicyRequest = ParsedInputOf<typeof putPolicy>;

/** What a change of policy reads. */
export type PolicySources = Pick<Reader, 'policies' | 'workspaces' | 'access'>;

/** A version of a policy that could be written, beside what it would replace. */
export interface PolicyDraft {
  /** What governs the place now: its own policy, or the project's. */
  readonly inForce: PolicyRecord;
  readonly next: PolicyRecord;
  /** Whether the place has no policy of its own yet. */
  readonly isNew: boolean;
}

const presetOf = (rules: PolicyRules): string =>
  POLICY_PRESET_NAMES.find((name) => isDeepStrictEqual(POLICY_PRESETS[name], rules)) ?? 'custom';

function rulesOf(request: PolicyRequest): Pick<PolicyRecord, 'name' | 'rules'> {
  const preset = request.preset ?? 'standard';
  const members = PolicyMembers.parse({ ...toMembers(preset, POLICY_PRESETS[preset]), ...request });
  const rules = toRules(members);
  const name = request.policy_name ?? presetOf(rules);
  const bytes = Buffer.byteLength(canonicalJson(toMembers(name, rules)));
  if (bytes > POLICY_BYTES_MAX) {
    const says = `the policy takes ${bytes} bytes of JSON, and ${POLICY_BYTES_MAX} at most; name fewer groups`;
    throw new ExecError('invalid_body', says, { param: '' });
  }
  return { name, rules };
}

/** Lets through who has seen the version that is to be replaced. @throws ExecError invalid_state */
function assertSeen({ if_version: seen }: PolicyRequest, current: number): void {
  if (seen === undefined || seen === current) return;
  const now = current === 0 ? 'there is none' : `it is at version ${current}`;
  const says = `the policy is not at version ${seen} any more, ${now}; read it again`;
  throw new ExecError('invalid_state', says, { param: '/if_version' });
}

/**
 * The version that a request asks for: what it leaves out is as in the preset.
 * @throws ExecError workspace_not_found, invalid_body, invalid_state
 */
export async function draftPolicy(
  ctx: VerbContext,
  { policies, workspaces }: PolicySources,
  request: PolicyRequest,
): Promise<PolicyDraft> {
  const { projectId } = ctx;
  const workspaceId = request.workspace_id ?? null;
  if (workspaceId !== null) await loadWorkspace(ctx, workspaces, workspaceId);
  const before = await policies.newest(projectId, workspaceId);
  const isNew = before === null || before.retired;
  assertSeen(request, isNew ? 0 : before.version);
  const inForce = await policyInForce(policies, { projectId, workspaceId });
  const next = {
    ...rulesOf(request),
    id: before?.id ?? PolicyId.parse(`pol_${ctx.ids.hex()}`),
    version: (before?.version ?? 0) + 1,
    projectId,
    workspaceId,
    createdBy: ctx.caller.principal,
    createdAt: ctx.clock.now(),
    retired: false,
  };
  return { inForce, next, isNew };
}

/** Whether a draft says nothing that is not in force already. */
export const changesNothing = ({ inForce, next, isNew }: PolicyDraft): boolean =>
  !isNew && inForce.name === next.name && isDeepStrictEqual(inForce.rules, next.rules);

/** Refuses rules under which no irreversible call could ever run. @throws ExecError invalid_state */
export async function assertAnswerable(
  ctx: VerbContext,
  { access }: PolicySources,
  { rules }: PolicyRecord,
): Promise<void> {
  const deciders = await access.deciders(ctx.projectId, ctx.clock.now());
  const stuck = findDoubts(rules, deciders).find(
    ({ gate, unanswerable }) => unanswerable && gate === 'irreversible',
  );
  if (stuck) throw new ExecError('invalid_state', stuck.says, { param: '/quorum_irreversible' });
}
