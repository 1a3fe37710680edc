import { DAY_SECONDS } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { PolicyRules } from '@xem/store';
import { expect, test } from 'vitest';
import { create as mintKey } from '../api-key/create.ts';
import type { VerbContext } from '../context.ts';
import { askFor, throughLink } from '../testing/index.ts';
import { approvalIdOf, BY_TWO, inDecisionScene, type DecisionScene } from '../testing/decision-scene.ts';
import { mint } from './mint.ts';

test('approval.link ends no later than its approval', () =>
  inDecisionScene(async ({ world, mintBy }) => {
    expect((await mintBy(world.approver, { expires_in_seconds: 60 })).expires_at).toBe(
      '2026-01-01T00:01:00.000Z',
    );
    expect((await mintBy(world.approver, { expires_in_seconds: DAY_SECONDS })).expires_at).toBe(
      '2026-01-01T00:15:00.000Z',
    );
  }));

test('approval.link ends no later than the key that makes it', () =>
  inDecisionScene(async ({ world: { operator, as, clock }, mintBy }) => {
    const { value } = await mintKey(operator, {
      principal_id: operator.actor.id,
      name: 'short',
      scopes: ['execution'],
      can_decide: true,
      expires_in_seconds: 60,
    });
    expect((await mintBy(await as(value))).expires_at).toBe(toTimestamp(clock.now() + 60_000));
  }));

test('approval.link is refused after twenty', () =>
  inDecisionScene(async ({ world, mintBy }) => {
    for (let made = 0; made < 20; made += 1) await mintBy(world.approver);
    await expect(mintBy(world.approver)).rejects.toMatchObject({ code: 'invalid_state' });
  }));

const inBrowser = (ctx: VerbContext): VerbContext => ({
  ...ctx,
  caller: { ...ctx.caller, credential: { ...ctx.caller.credential, kind: 'console' } },
});

const NO_SELF = { allowSelfApproval: { destructive: false, irreversible: false } };

interface Refusal {
  readonly who: string;
  readonly code: string;
  readonly rules?: Partial<PolicyRules>;
  readonly attempt: (scene: DecisionScene) => Promise<unknown>;
}

test.each<Refusal>([
  {
    who: 'by a service',
    code: 'approver_not_eligible',
    attempt: ({ world, mintBy }) => mintBy(world.service),
  },
  {
    who: 'for a service',
    code: 'approver_not_eligible',
    attempt: ({ world, mintBy }) => mintBy(world.approver, { reviewer: world.service.actor.id }),
  },
  {
    who: 'for somebody of another project',
    code: 'principal_not_found',
    attempt: ({ world, mintBy }) => mintBy(world.approver, { reviewer: world.foreigner.actor.id }),
  },
  {
    who: 'by another project',
    code: 'approval_not_found',
    attempt: ({ world, mintBy }) => mintBy(world.foreigner),
  },
  {
    who: 'where decisions come from a browser only',
    code: 'approver_not_eligible',
    rules: { decideWith: 'interactive' },
    attempt: ({ world, mintBy }) => mintBy(inBrowser(world.approver)),
  },
  {
    who: 'for whoever asked, where nobody decides their own call',
    code: 'approver_not_eligible',
    rules: NO_SELF,
    attempt: async ({ world }) => {
      const own = await askFor(world, 'demo_effect', { ctx: world.operator });
      return mint(world.approver, { id: approvalIdOf(own), reviewer: world.operator.actor.id });
    },
  },
  {
    who: 'by whoever asked, where nobody decides their own call',
    code: 'approver_not_eligible',
    rules: NO_SELF,
    attempt: async ({ world, reviewer }) => {
      const own = await askFor(world, 'demo_effect', { ctx: world.operator });
      return mint(world.operator, { id: approvalIdOf(own), reviewer: reviewer.actor.id });
    },
  },
  {
    who: 'for somebody who has voted',
    code: 'approver_not_eligible',
    rules: BY_TWO,
    attempt: async ({ world, reviewer, mintBy, approveBy }) => {
      await approveBy(reviewer);
      return mintBy(world.approver);
    },
  },
  {
    who: 'by a link',
    code: 'approver_not_eligible',
    attempt: async ({ world, mintBy }) => {
      const by = await throughLink(world, (await mintBy(world.approver)).url ?? '');
      return mintBy(by, { reviewer: world.operator.actor.id });
    },
  },
  {
    who: 'to what was decided',
    code: 'approval_not_pending',
    attempt: async ({ world, mintBy, approveBy }) => {
      await approveBy(world.operator);
      return mintBy(world.approver);
    },
  },
])('approval.link is refused $who with $code', ({ code, attempt, rules = {} }) =>
  inDecisionScene((scene) => expect(attempt(scene)).rejects.toMatchObject({ code }), { rules }),
);
