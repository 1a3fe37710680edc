import { expect, test } from 'vitest';
import { inWorld } from '../testing/index.ts';
import { create } from './create.ts';

test('project.create makes a project that has a policy from its first moment on', () =>
  inWorld(async ({ services, store }) => {
    const { id, slug } = await create(services, { slug: 'third', name: 'Third' });
    expect(await store.read.access.projectBySlug(slug)).toMatchObject({ id, name: 'Third' });
    expect(await store.read.policies.inForce(id, null)).toMatchObject({ name: 'standard', version: 1 });
    const entries = await store.read.journal.after(id, 0, 10);
    expect(entries.map(({ type, actor }) => [type, actor])).toEqual([
      ['project.created', { kind: 'system' }],
      ['policy.created', { kind: 'system' }],
    ]);
  }));

test('project.create refuses a slug that is taken, and writes nothing', () =>
  inWorld(async ({ services, store }) => {
    await expect(create(services, { slug: 'demo', name: 'Again' })).rejects.toMatchObject({
      code: 'invalid_state',
    });
    expect(await store.read.access.projects()).toHaveLength(2);
  }));

test.each(['', 'Demo', '-demo', 'demo-', 'de mo', 'x'.repeat(33)])(
  'project.create refuses the slug %j, which could not stand in a key',
  (slug) => inWorld(({ services }) => expect(create(services, { slug, name: 'X' })).rejects.toThrow()),
);
