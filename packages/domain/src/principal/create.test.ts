import { expect, test } from 'vitest';
import { apiKey } from '../verbs.ts';
import { inWorld, type TestWorld } from '../testing/index.ts';
import { create } from './create.ts';
import { list } from './list.ts';

const managingService = async ({ operator, as }: TestWorld) => {
  const { id } = await create(operator, { kind: 'service', name: 'robot', groups: [] });
  const draft = { principal_id: id, name: 'robot', scopes: ['management' as const], can_decide: false };
  return as((await apiKey.create(operator, draft)).value);
};

test('principal.create makes a human whom a human vouches for', () =>
  inWorld(async ({ operator, store, seed }) => {
    const made = await create(operator, { kind: 'human', name: 'Ada', groups: ['ops'] });
    expect(made).toMatchObject({
      object: 'principal',
      kind: 'human',
      name: 'Ada',
      groups: ['ops'],
      disabled: false,
      created_by: operator.caller.principal,
    });
    const [entry] = await store.read.journal.list(seed.project_id, {}, { limit: 1 });
    expect(entry).toMatchObject({
      type: 'principal.created',
      subject: { type: 'principal', id: made.id },
      actor: operator.caller.principal,
      key_id: operator.keyId,
    });
  }));

test.each(['human', 'service'] as const)('principal.create refuses a service that would make a %s', (kind) =>
  inWorld(async (world) => {
    const robot = await managingService(world);
    await expect(create(robot, { kind, name: 'X', groups: [] })).rejects.toMatchObject({
      code: 'scope_insufficient',
      status: 403,
    });
  }),
);

test('principal.create refuses a human without the scope management', () =>
  inWorld(async ({ approver }) => {
    await expect(create(approver, { kind: 'human', name: 'X', groups: [] })).rejects.toMatchObject({
      code: 'scope_insufficient',
    });
  }));

test('principal.list shows the principals of the project, newest first, and of no other', () =>
  inWorld(async ({ operator, foreigner, clock }) => {
    await clock.advance(1);
    await create(operator, { kind: 'service', name: 'newest', groups: [] });
    const { data, has_more } = await list(operator, { limit: 20 });
    expect(data.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['operator', 'approver', 'service', 'inference']),
    );
    expect(data[0]?.name).toBe('newest');
    expect(has_more).toBe(false);
    expect((await list(foreigner, { limit: 20 })).data.map(({ name }) => name)).toEqual(['other_project']);
  }));

test('principal.list goes on where a page ended', () =>
  inWorld(async ({ operator }) => {
    const first = await list(operator, { limit: 3 });
    const rest = await list(operator, { limit: 3, after: first.next_cursor ?? '' });
    expect([first.has_more, rest.has_more]).toEqual([true, false]);
    expect(new Set([...first.data, ...rest.data].map(({ id }) => id)).size).toBe(4);
  }));
