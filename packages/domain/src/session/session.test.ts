import { sha256Hex } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import { expect, test } from 'vitest';
import { revoke } from '../api-key/revoke.ts';
import { create as mintKey } from '../api-key/create.ts';
import { inWorld, VISIT, type TestWorld } from '../testing/index.ts';
import { csrfMatches } from './csrf.ts';
import { resume } from './resume.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';

test('session.sign_in opens a session with the rights of its key, known by the hash of its token only', () =>
  inWorld(async ({ services, seed, store, clock }) => {
    const session = await signIn(services, seed.keys.approver, VISIT);
    const { caller, csrfToken } = await resume(services, session.token);
    expect(caller).toEqual(session.caller);
    expect(caller.credential).toMatchObject({ kind: 'console', canDecide: true, keyExpiresAt: null });
    expect(caller.credential.expiresAt).toBe(clock.now() + 43_200_000);
    expect(csrfToken).toBe(session.csrfToken);
    const row = await store.read.access.browserSession(sha256Hex(session.token));
    expect(JSON.stringify(row)).not.toContain(session.token);
  }));

test('session.sign_in refuses a service, which has no business in a browser', () =>
  inWorld(({ services, seed }) =>
    expect(signIn(services, seed.keys.service, VISIT)).rejects.toMatchObject({ code: 'scope_insufficient' }),
  ));

test('session.sign_in refuses a value that is no key', () =>
  inWorld(({ services }) =>
    expect(signIn(services, 'xero_demo_x', VISIT)).rejects.toMatchObject({ code: 'authentication_required' }),
  ));

test.each<[string, (world: TestWorld) => Promise<string>]>([
  ['a token nobody made', async () => 'A'.repeat(43)],
  [
    'a session that was signed out',
    async ({ services, seed }) => {
      const { token } = await signIn(services, seed.keys.operator, VISIT);
      await signOut(services, token, VISIT);
      return token;
    },
  ],
  [
    'a session after 12 hours',
    async ({ services, seed, clock }) => {
      const { token } = await signIn(services, seed.keys.operator, VISIT);
      await clock.advance(43_200_000);
      return token;
    },
  ],
  [
    'a session whose key was revoked',
    async ({ services, seed, operator }) => {
      const { token } = await signIn(services, seed.keys.operator, VISIT);
      await revoke(operator, { id: operator.keyId });
      return token;
    },
  ],
  [
    'a session whose key has expired',
    async ({ services, operator, clock }) => {
      const draft = {
        principal_id: operator.actor.id,
        name: 'short',
        scopes: ['execution' as const],
        can_decide: false,
      };
      const { value } = await mintKey(operator, { ...draft, expires_in_seconds: 60 });
      const { token, expiresAt } = await signIn(services, value, VISIT);
      expect(expiresAt).toBe(clock.now() + 60_000);
      await clock.advance(60_000);
      return token;
    },
  ],
])('session.resume refuses %s', (_, tokenOf) =>
  inWorld(async (world) => {
    const token = await tokenOf(world);
    await expect(resume(world.services, token)).rejects.toMatchObject({ code: 'authentication_required' });
  }),
);

test('session.sign_in removes the sessions that are over', () =>
  inWorld(async ({ services, seed, store, clock }) => {
    const { token } = await signIn(services, seed.keys.operator, VISIT);
    await clock.advance(43_200_001);
    await signIn(services, seed.keys.approver, VISIT);
    expect(await store.read.access.browserSession(sha256Hex(token))).toBeNull();
  }));

test('session.sign_out of a token nobody made ends nothing', () =>
  inWorld(({ services }) => expect(signOut(services, 'nothing', VISIT)).resolves.toBeUndefined()));

test.each([
  ['the token of its session', 'secret', true],
  ['another token', 'secreT', false],
  ['a longer one', 'secret2', false],
  ['none', '', false],
])('session.csrf tells of a form with %s', (_, presented, matches) => {
  expect(csrfMatches({ csrfToken: 'secret' }, presented)).toBe(matches);
});

test('sessions are journalled, by whom and from where', () =>
  inWorld(async ({ services, seed, store, approver }) => {
    const { token, expiresAt } = await signIn(services, seed.keys.approver, VISIT);
    await Promise.all([signOut(services, token, VISIT), signOut(services, token, VISIT)]);
    const types = ['principal.signed_in', 'principal.signed_out'];
    const entries = await store.read.journal.list(approver.projectId, { types }, { limit: 9 });
    const by = {
      actor: { id: approver.actor.id },
      key_id: approver.keyId,
      surface: 'console',
      request_id: VISIT.requestId,
      subject: { type: 'principal', id: approver.actor.id },
    };
    expect(entries).toMatchObject([
      { ...by, type: 'principal.signed_out', data: {} },
      {
        ...by,
        type: 'principal.signed_in',
        data: { address: VISIT.address, ends_at: toTimestamp(expiresAt) },
      },
    ]);
  }));
