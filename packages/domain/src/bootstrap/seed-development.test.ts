import { expect, test } from 'vitest';
import { authenticate } from '../access/authenticate.ts';
import { revoke } from '../api-key/revoke.ts';
import { inWorld } from '../testing/index.ts';
import { createHuman } from './create-human.ts';
import { seedDevelopment } from './seed-development.ts';

test('seeding begins a mesh with two projects, a workspace and five keys', () =>
  inWorld(async ({ services, seed }) => {
    const who = async (value: string) => {
      const { principal, project, credential } = await authenticate(services, value);
      return [principal.kind, project.slug, [...credential.scopes].join(' '), credential.canDecide];
    };
    const all = 'execution inference management break_glass';
    expect(await who(seed.keys.operator)).toEqual(['human', 'demo', all, true]);
    expect(await who(seed.keys.approver)).toEqual(['human', 'demo', 'execution', true]);
    expect(await who(seed.keys.service)).toEqual(['service', 'demo', 'execution inference', false]);
    expect(await who(seed.keys.inference)).toEqual(['service', 'demo', 'inference', false]);
    expect(await who(seed.keys.other_project)).toEqual(['human', 'other', all, true]);
  }));

test('seeding again makes only what is missing', () =>
  inWorld(async ({ services, seed, operator, store }) => {
    expect(await seedDevelopment(services, seed.keys)).toEqual(seed);
    await revoke(operator, { id: operator.keyId });
    const mended = await seedDevelopment(services, { ...seed.keys, approver: seed.keys.service });
    expect(mended).toEqual({ ...seed, keys: expect.objectContaining({ service: seed.keys.service }) });
    expect(mended.keys.operator).not.toBe(seed.keys.operator);
    expect(mended.keys.approver).not.toBe(seed.keys.service);
    expect(await store.read.access.principals(seed.project_id, {}, { limit: 100 })).toHaveLength(4);
  }));

test('creating a human makes the project too when it is new, and a key that may do everything', () =>
  inWorld(async ({ services, seed }) => {
    const ada = await createHuman(services, { project: { slug: 'ops', name: 'Operations' }, name: 'Ada' });
    const caller = await authenticate(services, ada.key);
    expect(caller).toMatchObject({
      project: { id: ada.project_id, slug: 'ops', name: 'Operations' },
      principal: { id: ada.principal_id, kind: 'human', name: 'Ada' },
      credential: { canDecide: true },
    });
    const bob = await createHuman(services, { project: { slug: 'demo', name: 'ignored' }, name: 'Bob' });
    expect(bob.project_id).toBe(seed.project_id);
  }));
