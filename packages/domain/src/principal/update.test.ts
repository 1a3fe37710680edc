import { PrincipalId, SCOPES, sha256Hex } from '@xem/protocol';
import { expect, test } from 'vitest';
import { authenticate } from '../access/authenticate.ts';
import { create as mintKey } from '../api-key/create.ts';
import { create as ask } from '../invocation/create.ts';
import { get as getCall } from '../invocation/get.ts';
import { resume } from '../session/resume.ts';
import { signIn } from '../session/sign-in.ts';
import { inWorld, onlineAgent, testTool, VISIT, type TestWorld } from '../testing/index.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { update } from './update.ts';

const UNKNOWN = PrincipalId.parse(`prn_${'0'.repeat(24)}`);

const managingService = async ({ operator, as }: TestWorld) => {
  const { id } = await create(operator, { kind: 'service', name: 'robot', groups: [] });
  const draft = { principal_id: id, name: 'robot', scopes: ['management' as const], can_decide: false };
  return as((await mintKey(operator, draft)).value);
};

test('principal.update changes name and groups, and tells the journal what holds now', () =>
  inWorld(async ({ operator, approver, store, seed }) => {
    const { id } = approver.actor;
    const changed = await update(operator, { id, name: 'Ada', groups: ['ops', 'night'] });
    expect(changed).toMatchObject({ id, name: 'Ada', groups: ['ops', 'night'], disabled: false });
    expect(await get(operator, { id })).toEqual(changed);
    const [entry] = await store.read.journal.list(seed.project_id, {}, { limit: 1 });
    expect(entry).toMatchObject({
      type: 'principal.updated',
      subject: { type: 'principal', id },
      data: { name: 'Ada', groups: ['ops', 'night'], disabled: false },
    });
    const again = await update(operator, { id, groups: ['ops', 'night'] });
    expect(again).toEqual(changed);
    const [last] = await store.read.journal.list(seed.project_id, {}, { limit: 1 });
    expect(last?.seq).toBe(entry?.seq);
  }));

test('principal.update that disables ends sessions, cancels what waits, and shuts the door in one change', () =>
  inWorld(async (world) => {
    const { operator, service, approver, services, seed, store } = world;
    const workspaces = [seed.workspace_id];
    const tools = [testTool({ name: 'demo_wipe', risk: 'destructive' })];
    await onlineAgent(world, { tools, workspaces });
    const { body } = await ask(service, { workspace_id: seed.workspace_id, tool: 'demo_wipe', args: {} });
    if (body.object !== 'invocation') throw new Error('only a plan came back');
    await update(operator, { id: service.actor.id, disabled: true });
    expect(await getCall(operator, { id: body.id })).toMatchObject({
      status: 'cancelled',
      error: { code: 'requester_revoked' },
    });
    await expect(authenticate(services, seed.keys.service)).rejects.toMatchObject({ status: 401 });

    const { token } = await signIn(services, seed.keys.approver, VISIT);
    await update(operator, { id: approver.actor.id, disabled: true });
    expect(await store.read.access.browserSession(sha256Hex(token))).toBeNull();
    await update(operator, { id: approver.actor.id, disabled: false });
    await expect(resume(services, token)).rejects.toMatchObject({ code: 'authentication_required' });
    await expect(authenticate(services, seed.keys.approver)).resolves.toBeDefined();
  }));

test('a change that was asked for before its principal was disabled is refused', () =>
  inWorld(async ({ operator, approver, as, seed }) => {
    const draft = { principal_id: operator.actor.id, name: 'x', scopes: [...SCOPES], can_decide: true };
    const second = await as((await mintKey(operator, draft)).value);
    await update(operator, { id: approver.actor.id, groups: ['ops'] });
    await expect(
      Promise.all([
        second.store.transact(async (tx) => {
          const key = await tx.access.apiKey(operator.projectId, second.keyId);
          if (key) await tx.access.saveApiKey({ ...key, revokedAt: 1 });
        }),
        create(second, { kind: 'service', name: 'late', groups: [] }),
      ]),
    ).rejects.toMatchObject({ code: 'authentication_required' });
    expect(seed.project_id).toBe(operator.projectId);
  }));

test.each<[string, (world: TestWorld) => Promise<unknown>, object]>([
  [
    'a service',
    async (world) => update(await managingService(world), { id: world.service.actor.id, name: 'X' }),
    { code: 'scope_insufficient', status: 403 },
  ],
  [
    'a human without the scope management',
    async ({ approver }) => update(approver, { id: approver.actor.id, groups: ['ops'] }),
    { code: 'scope_insufficient' },
  ],
  [
    'the last human who manages, who would disable themselves',
    async ({ operator }) => update(operator, { id: operator.actor.id, disabled: true }),
    { code: 'invalid_state', status: 409 },
  ],
  [
    'an unknown principal',
    async ({ operator }) => update(operator, { id: UNKNOWN }),
    { code: 'principal_not_found', message: `the project has no principal ${UNKNOWN}` },
  ],
  [
    'a principal of another project',
    async ({ operator, foreigner }) => update(operator, { id: foreigner.actor.id, disabled: true }),
    { code: 'principal_not_found', status: 404 },
  ],
])('principal.update refuses %s', (_, attempt, refusal) =>
  inWorld(async (world) => {
    await expect(attempt(world)).rejects.toMatchObject(refusal);
  }),
);

test('principal.update lets a manager disable themselves where another one is left', () =>
  inWorld(async ({ operator, approver, store }) => {
    await store.transact(async (tx) => {
      const key = await tx.access.apiKey(operator.projectId, approver.keyId);
      if (key) await tx.access.saveApiKey({ ...key, scopes: ['management'] });
    });
    await expect(update(operator, { id: operator.actor.id, disabled: true })).resolves.toMatchObject({
      disabled: true,
    });
  }));

test('principal.get refuses a principal of another project as it does an unknown one', () =>
  inWorld(async ({ operator, foreigner }) => {
    const { id } = foreigner.actor;
    await expect(get(operator, { id })).rejects.toMatchObject({
      code: 'principal_not_found',
      message: `the project has no principal ${id}`,
    });
  }));
