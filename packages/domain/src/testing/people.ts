import type { ApiKeyId, PrincipalId, Scope } from '@xem/protocol';
import type { PolicyRules, PrincipalRecord } from '@xem/store';
import { openLink } from '../approval-link/open.ts';
import { resumeLink } from '../approval-link/resume.ts';
import { RATE_DEFAULT } from '../api-key/mint.ts';
import { enlist } from '../bootstrap/enlist.ts';
import { issueKey } from '../bootstrap/issue-key.ts';
import { internalOperation, systemContext, type VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { policyFact } from '../policy/facts.ts';
import { policyInForce } from '../policy/rules.ts';
import type { Visit } from '../session/visit.ts';
import type { TestWorld } from './world.ts';

/** A browser on the host of the router. */
export const VISIT: Visit = { address: '127.0.0.1', requestId: 'req_visit' };

interface Person {
  readonly name: string;
  readonly groups?: readonly string[];
  readonly scopes?: readonly Scope[];
}

/** Another human of the demo project, who may execute and decide unless said. */
export async function newPerson(
  { services, store, operator, as }: TestWorld,
  { name, groups = [], scopes = ['execution'] }: Person,
): Promise<VerbContext> {
  const project = await store.read.access.project(operator.projectId);
  if (!project) throw new Error('the demo project is gone');
  const principal = await enlist(services, project, { kind: 'human', name, groups });
  return as(
    await issueKey(services, project, { principal, name, scopes, canDecide: true, rate: RATE_DEFAULT }),
  );
}

/** Changes a person by a hand in the database. */
export async function changePerson(
  { store, operator }: TestWorld,
  id: PrincipalId,
  change: Partial<Pick<PrincipalRecord, 'disabled' | 'groups'>>,
): Promise<void> {
  await store.transact(async (tx) => {
    const person = await tx.access.principal(operator.projectId, id);
    if (!person) throw new Error(`no principal ${id}`);
    await tx.access.savePrincipal({ ...person, ...change });
  });
}

/** Lets a key end now, by a hand in the database. */
export async function endKey({ store, operator, clock }: TestWorld, id: ApiKeyId): Promise<void> {
  await store.transact(async (tx) => {
    const key = await tx.access.apiKey(operator.projectId, id);
    if (!key) throw new Error(`no key ${id}`);
    await tx.access.saveApiKey({ ...key, expiresAt: clock.now() });
  });
}

const setRules = internalOperation('policy.test');

/** Puts other rules in force for the demo project, also such as nobody could answer. */
export async function underRules(
  { services, operator }: TestWorld,
  change: Partial<PolicyRules>,
): Promise<void> {
  const ctx = systemContext(services, operator.projectId);
  await mutate(ctx, setRules, async (tx) => {
    const was = await policyInForce(tx.policies, { projectId: operator.projectId, workspaceId: null });
    const now = { ...was, version: was.version + 1, rules: { ...was.rules, ...change } };
    await tx.policies.insert(now);
    return { result: undefined, facts: [policyFact('policy.updated', now, { was, now })] };
  });
}

/** What whoever opens a link does it with. */
export async function throughLink({ services, operator }: TestWorld, url: string): Promise<VerbContext> {
  const { token } = await openLink(services, url.split('/').at(-1) ?? '', VISIT);
  const { caller } = await resumeLink(services, token);
  return { ...operator, caller, actor: caller.principal, keyId: caller.credential.keyId, surface: 'console' };
}
