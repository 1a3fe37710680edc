import { ApiKeyId, SCOPES } from '@xem/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approve } from '../approval/approve.ts';
import type { VerbContext } from '../context.ts';
import { create as createPrincipal } from '../principal/create.ts';
import { approvalIdOf } from '../testing/decision-scene.ts';
import { askFor, inWorld, newPerson, servingAgent, type TestWorld } from '../testing/index.ts';
import { create } from './create.ts';
import { FAMILIES_MAX, familiesOfSuccessor } from './families.ts';
import { rotate } from './rotate.ts';

const keyOf = (digit: string): ApiKeyId => ApiKeyId.parse(`key_${digit.repeat(24)}`);

/** A further key of whoever asks for it, with a key of theirs. */
const minted = async ({ as }: TestWorld, ctx: VerbContext, more: object = {}): Promise<VerbContext> => {
  const draft = { principal_id: ctx.actor.id, name: 'x', scopes: [...SCOPES], can_decide: true, ...more };
  return as((await create(ctx, draft)).value);
};

const rotated = async ({ as }: TestWorld, ctx: VerbContext, id: ApiKeyId = ctx.keyId): Promise<VerbContext> =>
  as((await rotate(ctx, { id, grace_seconds: 3600 })).value);

/** A human with every scope whose key was made on the router's host. */
const boss = (world: TestWorld): Promise<VerbContext> =>
  newPerson(world, { name: 'boss', scopes: [...SCOPES] });

/** Asks over MCP with one key, and tells whether another one decides it. */
async function decides(world: TestWorld, asking: VerbContext, by: VerbContext): Promise<boolean> {
  const call = await askFor(world, 'demo_effect', { ctx: { ...asking, surface: 'mcp' } });
  const { status } = await approve(by, { id: approvalIdOf(call) }).catch(() => ({ status: 'refused' }));
  return status === 'approved';
}

test('the thousandth rotation of a key keeps what the first one does, also with another key by turns', () => {
  const [own, other] = [keyOf('1'), keyOf('2')];
  const once = familiesOfSuccessor({ canDecide: true, families: [own] }, { families: [other, own] });
  expect(once).toEqual([own, other]);
  let families = once;
  for (let count = 1; count < 1000; count++)
    families = familiesOfSuccessor(
      { canDecide: true, families },
      { families: count % 2 ? once : [other, own] },
    );
  expect(families).toEqual(once);
});

test('a key that was rotated again and again has one family, and comes from the same key as at first', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const first = await boss(world);
    const helper = await minted(world, first);
    let key = await rotated(world, first);
    const { families } = (await rotated(world, helper, key.keyId)).caller.credential;
    for (let count = 1; count < 20; count++) key = await rotated(world, key);
    expect(key.caller.credential.families).toEqual([first.keyId]);
    expect((await rotated(world, helper, key.keyId)).caller.credential.families).toEqual(families);
    expect(await decides(world, first, key)).toBe(false);
    expect(await decides(world, key, first)).toBe(false);
    expect(await decides(world, helper, key)).toBe(true);
  }));

interface Made {
  readonly ctx: VerbContext;
  /** The key itself, and every one that it comes from. */
  readonly line: readonly ApiKeyId[];
}

/** What is done with the keys there are: the one at `by` mints, or rotates the one at `of`. */
const DEEDS = fc.array(fc.record({ rotates: fc.boolean(), by: fc.nat(), of: fc.nat() }), {
  minLength: 1,
  maxLength: 8,
});

async function made(world: TestWorld, [by, of]: readonly [by: Made, of: Made | null]): Promise<Made> {
  const ctx = of ? await rotated(world, by.ctx, of.ctx.keyId) : await minted(world, by.ctx);
  const parents = of ? [by, of] : [by];
  return { ctx, line: [ctx.keyId, ...parents.flatMap(({ line }) => line)] };
}

test('no key decides what one asked for through a model that it comes from, whatever minted and rotated them', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const judge = fc.asyncProperty(DEEDS, async (deeds) => {
      const ctx = await boss(world);
      const first: Made = { ctx, line: [ctx.keyId] };
      const keys = [first];
      const at = (place: number): Made => keys[place % keys.length] ?? first;
      for (const { rotates, by, of } of deeds)
        keys.push(await made(world, [at(by), rotates ? at(of) : null]));
      const last = at(keys.length - 1);
      const before = keys.filter((key) => last.line.includes(key.ctx.keyId));
      for (const key of before) expect(await decides(world, key.ctx, last.ctx)).toBe(false);
    });
    await fc.assert(judge, { numRuns: 10 });
  }));

/** A key that comes from as many others as one may. */
async function deepest(world: TestWorld, root: VerbContext): Promise<VerbContext> {
  let key = root;
  for (let behind = 1; behind < FAMILIES_MAX; behind++) key = await minted(world, key);
  return key;
}

test('a key that comes from too many others mints none that decides and lets nobody in who does, but rotates itself', () =>
  inWorld(async (world) => {
    const root = await boss(world);
    const other = await minted(world, root);
    const key = await deepest(world, root);
    const refused = { code: 'invalid_state' };
    await expect(minted(world, key)).rejects.toMatchObject(refused);
    const bea = { kind: 'human' as const, name: 'Bea', groups: [] };
    const rights = { scopes: ['execution' as const], expires_in_seconds: 60 };
    const deciding = createPrincipal(key, { ...bea, sign_in: { ...rights, can_decide: true } });
    await expect(deciding).rejects.toMatchObject(refused);
    await createPrincipal(key, { ...bea, sign_in: { ...rights, can_decide: false } });
    const plain = await minted(world, key, { can_decide: false });
    expect(plain.caller.credential.families).toEqual([plain.keyId]);
    await expect(rotated(world, other, key.keyId)).rejects.toMatchObject(refused);
    expect((await rotated(world, key)).caller.credential.families).toHaveLength(FAMILIES_MAX);
  }));
