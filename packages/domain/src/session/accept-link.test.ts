import { DAY_SECONDS, SCOPES, sha256Hex, type Scope } from '@xem/protocol';
import { expect, test } from 'vitest';
import { authenticate } from '../access/authenticate.ts';
import { create as mintKey } from '../api-key/create.ts';
import { revoke } from '../api-key/revoke.ts';
import { rotate } from '../api-key/rotate.ts';
import type { VerbContext } from '../context.ts';
import { create } from '../principal/create.ts';
import { signInLink } from '../principal/sign-in-link.ts';
import { update } from '../principal/update.ts';
import { inWorld, newPerson, type TestWorld } from '../testing/index.ts';
import { acceptLink, type FirstSignIn } from './accept-link.ts';
import { resume } from './resume.ts';

const rights = (...scopes: Scope[]) => ({ scopes, can_decide: false, expires_in_seconds: DAY_SECONDS });

const tokenOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** Makes a human; answers who it is, and the token and the end of their link. */
async function invite(ctx: VerbContext, signIn = rights('execution')) {
  const made = await create(ctx, { kind: 'human', name: 'Bea', groups: [], sign_in: signIn });
  const { url = '', expires_at } = made.sign_in_link ?? {};
  return { id: made.id, token: tokenOf(url), expires_at };
}

const accept = ({ services }: TestWorld, token: string): Promise<FirstSignIn> =>
  acceptLink(services, { token, address: '10.0.0.1', requestId: 'req-1' });

test('principal.create answers a human’s sign-in link once, and a link hands out what it was made for', () =>
  inWorld(async (world) => {
    const { operator, services, store, seed, clock } = world;
    const made = await create(operator, { kind: 'human', name: 'Bea', groups: ['ops'] });
    expect(made.sign_in_link).toEqual({
      object: 'sign_in_link',
      principal: { id: made.id, kind: 'human', name: 'Bea' },
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8787\/sign-in\/[A-Za-z0-9_-]{43}$/),
      scopes: ['execution'],
      can_decide: false,
      expires_at: '2026-01-02T00:00:00.000Z',
    });
    const token = tokenOf(made.sign_in_link?.url ?? '');
    const entries = JSON.stringify(await store.read.journal.after(seed.project_id, 0, 100));
    expect(entries).not.toContain(token);
    const arrival = await accept(world, token);
    const caller = await authenticate(services, arrival.keyValue);
    expect(caller).toMatchObject({
      principal: { id: made.id },
      groups: ['ops'],
      empoweredAt: clock.now(),
      credential: { canDecide: false, keyExpiresAt: null },
    });
    expect([...caller.credential.scopes]).toEqual(['execution']);
    expect((await resume(services, arrival.token)).caller).toEqual(arrival.caller);
    expect(arrival.expiresAt).toBe(clock.now() + 43_200_000);
    const by = { actor: { id: made.id }, surface: 'console', request_id: 'req-1' };
    const invited = { principal_id: made.id, invited_by: operator.actor.id, address: '10.0.0.1' };
    expect(await store.read.journal.list(seed.project_id, {}, { limit: 2 })).toMatchObject([
      { ...by, type: 'principal.signed_in', subject: { id: made.id }, data: { address: '10.0.0.1' } },
      { ...by, type: 'api_key.created', data: invited },
    ]);
    expect(JSON.stringify(await store.read.access.credential(sha256Hex(arrival.keyValue)))).not.toContain(
      arrival.keyValue,
    );
  }));

test('a sign-in link of two who use it at once lets one in', () =>
  inWorld(async (world) => {
    const { id, token } = await invite(world.operator);
    const both = await Promise.allSettled([accept(world, token), accept(world, token)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const keys = await world.store.read.access.apiKeys(
      world.seed.project_id,
      { principalId: id },
      { limit: 9 },
    );
    expect(keys).toHaveLength(1);
  }));

test.each<[string, (world: TestWorld) => Promise<string>]>([
  ['a token nobody made', async () => 'A'.repeat(43)],
  [
    'a link that was used',
    async (world) => {
      const { token } = await invite(world.operator);
      await accept(world, token);
      return token;
    },
  ],
  [
    'a link that has ended',
    async ({ operator, clock }) => {
      const { token } = await invite(operator);
      await clock.advance(DAY_SECONDS * 1000);
      return token;
    },
  ],
  [
    'a link that was replaced',
    async ({ operator }) => {
      const { id, token } = await invite(operator);
      await signInLink(operator, { id, ...rights('execution') });
      return token;
    },
  ],
  [
    'a link whose maker’s key was revoked',
    async ({ operator, as }) => {
      const draft = { principal_id: operator.actor.id, name: 'x', scopes: [...SCOPES], can_decide: false };
      const { id, value } = await mintKey(operator, draft);
      const { token } = await invite(await as(value));
      await revoke(operator, { id });
      return token;
    },
  ],
  [
    'a link whose maker’s key has ended',
    async ({ operator, as, clock }) => {
      const draft = { principal_id: operator.actor.id, name: 'x', scopes: [...SCOPES], can_decide: false };
      const { value } = await mintKey(operator, { ...draft, expires_in_seconds: 60 });
      const { token, expires_at } = await invite(await as(value));
      expect(expires_at).toBe('2026-01-01T00:01:00.000Z');
      await clock.advance(60_000);
      return token;
    },
  ],
  [
    'a link whose maker’s key was rotated, and ended with its grace',
    async ({ operator, clock }) => {
      const { token } = await invite(operator);
      await rotate(operator, { id: operator.keyId, grace_seconds: 60 });
      await clock.advance(60_000);
      return token;
    },
  ],
  [
    'a link whose maker was disabled',
    async (world) => {
      const maker = await newPerson(world, { name: 'maker', scopes: [...SCOPES] });
      const { token } = await invite(maker);
      await update(world.operator, { id: maker.actor.id, disabled: true });
      return token;
    },
  ],
  [
    'a link of somebody who was disabled, and enabled again',
    async ({ operator }) => {
      const { id, token } = await invite(operator);
      await update(operator, { id, disabled: true });
      await update(operator, { id, disabled: false });
      return token;
    },
  ],
])('session.accept_link refuses %s, and tells no reason', (_, tokenFor) =>
  inWorld(async (world) => {
    await expect(accept(world, await tokenFor(world))).rejects.toMatchObject({
      code: 'authentication_required',
      message: 'the link is not good: it was used, it has ended, or it never was',
    });
  }),
);

test('principal.sign_in_link makes the link of a human anew who has not come in yet', () =>
  inWorld(async (world) => {
    const { id } = await invite(world.operator);
    const link = await signInLink(world.operator, { id, ...rights('execution', 'management') });
    const { caller } = await accept(world, tokenOf(link.url));
    expect(caller.principal.id).toBe(id);
    expect([...caller.credential.scopes]).toEqual(['execution', 'management']);
  }));

test.each<[string, (world: TestWorld) => Promise<unknown>, object]>([
  [
    'a human who has signed in before: a link would let its maker act as them',
    async (world) => {
      const { id, token } = await invite(world.operator);
      const { caller } = await accept(world, token);
      await revoke(world.operator, { id: caller.credential.keyId });
      return signInLink(world.operator, { id, ...rights('execution') });
    },
    { code: 'invalid_state' },
  ],
  [
    'a service',
    async ({ operator, service }) => signInLink(operator, { id: service.actor.id, ...rights('execution') }),
    { code: 'invalid_state' },
  ],
  [
    'somebody who is disabled',
    async ({ operator }) => {
      const { id } = await invite(operator);
      await update(operator, { id, disabled: true });
      return signInLink(operator, { id, ...rights('execution') });
    },
    { code: 'invalid_state' },
  ],
  [
    'a principal of another project',
    async ({ operator, foreigner }) =>
      signInLink(operator, { id: foreigner.actor.id, ...rights('execution') }),
    { code: 'principal_not_found' },
  ],
])('principal.sign_in_link refuses %s', (_, attempt, refusal) =>
  inWorld(async (world) => {
    await expect(attempt(world)).rejects.toMatchObject(refusal);
  }),
);

/** A second key of the operator, narrower than the first. */
const narrower = async ({ operator, as }: TestWorld, more: Partial<Parameters<typeof mintKey>[1]>) => {
  const draft = { principal_id: operator.actor.id, name: 'x', scopes: [...SCOPES], can_decide: false };
  return as((await mintKey(operator, { ...draft, ...more })).value);
};

test.each<[string, (world: TestWorld) => Promise<unknown>, object]>([
  [
    'from a key that may not decide, a human who may',
    async (world) => invite(await narrower(world, {}), { ...rights('execution'), can_decide: true }),
    { code: 'scope_insufficient', param: '/sign_in/can_decide' },
  ],
  [
    'a scope that the maker lacks',
    async (world) => invite(await narrower(world, { scopes: ['management'] }), rights('execution')),
    { code: 'scope_insufficient', param: '/sign_in/scopes' },
  ],
  [
    'from a key that is pinned',
    async (world) => invite(await narrower(world, { endpoints: ['principal.*'] })),
    { code: 'scope_insufficient' },
  ],
  [
    'a sign-in for a service',
    async ({ operator }) =>
      create(operator, { kind: 'service', name: 'r', groups: [], sign_in: rights('execution') }),
    { code: 'invalid_body', param: '/sign_in' },
  ],
])('principal.create refuses %s, and makes nobody', (_, attempt, refusal) =>
  inWorld(async (world) => {
    const before = await world.store.read.access.principals(world.seed.project_id, {}, { limit: 100 });
    await expect(attempt(world)).rejects.toMatchObject(refusal);
    const after = await world.store.read.access.principals(world.seed.project_id, {}, { limit: 100 });
    expect(after).toEqual(before);
  }),
);

test('a key that a link hands out may be used from where the maker’s may', () =>
  inWorld(async (world) => {
    const { token } = await invite(await narrower(world, { ip_allow: ['10.0.0.0/8'] }));
    expect((await accept(world, token)).caller.credential.ipAllow).toEqual(['10.0.0.0/8']);
  }));
