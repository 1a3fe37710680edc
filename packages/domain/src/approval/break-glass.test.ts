import { ApprovalId, type Invocation, type Surface } from '@xem/protocol';
import type { PolicyRules } from '@xem/store';
import { expect, test } from 'vitest';
import { create as mintKey } from '../api-key/create.ts';
import type { VerbContext } from '../context.ts';
import {
  askFor,
  inWorld,
  newPerson,
  rowOf,
  servingAgent,
  storyOf,
  underRules,
  type TestWorld,
} from '../testing/index.ts';
import { approve } from './approve.ts';
import { breakGlass } from './break-glass.ts';
import { reject } from './reject.ts';

const idOf = ({ approval }: Invocation) => ApprovalId.parse(approval?.id);
const REASON = 'the cluster burns';

/** More people than there are. */
const STRICT: Partial<PolicyRules> = {
  quorum: {
    destructive: { any_of: [{ group: '*', count: 9 }] },
    irreversible: { any_of: [{ group: '*', count: 9 }] },
  },
};

const inScene = (
  run: (world: TestWorld, asked: Invocation) => Promise<void>,
  {
    tool = 'demo_effect',
    rules = STRICT,
  }: { readonly tool?: string; readonly rules?: Partial<PolicyRules> } = {},
): Promise<void> =>
  inWorld(async (world) => {
    await servingAgent(world);
    await underRules(world, rules);
    await run(world, await askFor(world, tool));
  });

const breakBy = (ctx: VerbContext, asked: Invocation, more: object = {}) =>
  breakGlass(ctx, { id: idOf(asked), reason: REASON, ...more });

test('approval.break_glass settles alone what two people were to decide, and says so everywhere', () =>
  inScene(async (world, asked) => {
    const { id } = world.operator.actor;
    const via = { kind: 'break_glass', id: idOf(asked), of: id };
    expect(await breakBy(world.operator, asked)).toMatchObject({
      status: 'approved',
      kind: 'break_glass',
      decided_by: { id, via },
      decision_note: REASON,
      decisions: [{ decision: 'approve', note: REASON, decided_by: { id, via } }],
    });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', attempt: 1 });
    expect((await storyOf(world, asked)).slice(2)).toEqual([
      'approval.break_glass',
      'invocation.queued',
      'invocation.dispatched',
    ]);
    const story = await world.store.read.journal.ofInvocation(world.operator.projectId, asked.id, 0);
    expect(story[2]?.data).toMatchObject({ reason: REASON, decided_by: { via } });
  }));

test('approval.break_glass may come after a vote of the same person', () =>
  inScene(async (world, asked) => {
    await approve(world.operator, { id: idOf(asked) });
    expect(await breakBy(world.operator, asked)).toMatchObject({ status: 'approved', kind: 'break_glass' });
  }));

test('approval.break_glass and a rejection at once leave one of them', () =>
  inScene(async (world, asked) => {
    const both = await Promise.allSettled([
      breakBy(world.operator, asked),
      reject(world.approver, { id: idOf(asked) }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  }));

test('approval.break_glass of an irreversible call needs the tool’s name', () =>
  inScene(
    async (world, asked) => {
      await expect(breakBy(world.operator, asked)).rejects.toMatchObject({ code: 'confirmation_required' });
      expect(await breakBy(world.operator, asked, { confirm: 'demo_wipe' })).toMatchObject({
        status: 'approved',
      });
    },
    { tool: 'demo_wipe' },
  ));

test('approval.break_glass runs nothing when the call is not the one that was shown', () =>
  inScene(async (world, asked) => {
    const shown = { call_sha256: '0'.repeat(64) };
    await expect(breakBy(world.operator, asked, shown)).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'rejected', attempt: 0 });
  }));

const claiming = (ctx: VerbContext, surface: Surface): VerbContext => ({ ...ctx, surface });

interface Refusal {
  readonly who: string;
  readonly code: string;
  readonly byWhom: (world: TestWorld) => Promise<VerbContext> | VerbContext;
  readonly rules?: Partial<PolicyRules>;
}

test.each<Refusal>([
  { who: 'a service', code: 'scope_insufficient', byWhom: (world) => world.service },
  { who: 'a human whose key lacks the scope', code: 'scope_insufficient', byWhom: (world) => world.approver },
  {
    who: 'a human whose key may not execute',
    code: 'approver_not_eligible',
    byWhom: (world) => newPerson(world, { name: 'odd', scopes: ['break_glass'] }),
  },
  {
    who: 'a key that may not decide',
    code: 'approver_not_eligible',
    byWhom: async ({ operator, as }) => {
      const draft = {
        principal_id: operator.actor.id,
        name: 'k',
        scopes: ['execution', 'break_glass'] as const,
      };
      return as((await mintKey(operator, { ...draft, scopes: [...draft.scopes], can_decide: false })).value);
    },
  },
  {
    who: 'a model over MCP',
    code: 'approver_not_eligible',
    byWhom: (world) => claiming(world.operator, 'mcp'),
  },
  {
    who: 'a model in a chat',
    code: 'approver_not_eligible',
    byWhom: (world) => claiming(world.operator, 'chat'),
  },
  {
    who: 'a key, where decisions come from a browser only',
    code: 'approver_not_eligible',
    rules: { ...STRICT, decideWith: 'interactive' },
    byWhom: (world) => world.operator,
  },
  { who: 'somebody of another project', code: 'approval_not_found', byWhom: (world) => world.foreigner },
])('approval.break_glass refuses $who with $code', ({ code, byWhom, rules = STRICT }) =>
  inScene(
    async (world, asked) => {
      await expect(breakBy(await byWhom(world), asked)).rejects.toMatchObject({ code });
      expect(await rowOf(world, asked)).toMatchObject({ status: 'pending_approval', attempt: 0 });
    },
    { rules },
  ),
);

test('approval.break_glass refuses the key that asked and those it made, and the requester where nobody decides their own', () =>
  inScene(async (world) => {
    const { operator, as } = world;
    const own = await askFor(world, 'demo_effect', { ctx: operator });
    const draft = {
      principal_id: operator.actor.id,
      name: 'child',
      scopes: ['execution' as const, 'break_glass' as const],
      can_decide: true,
    };
    const child = await as((await mintKey(operator, draft)).value);
    for (const by of [operator, child])
      await expect(breakBy(by, own)).rejects.toMatchObject({ code: 'approver_not_eligible' });
    await underRules(world, { allowSelfApproval: { destructive: false, irreversible: false } });
    const other = await askFor(world, 'demo_effect', { ctx: child });
    await expect(breakBy(operator, other)).rejects.toMatchObject({ code: 'approver_not_eligible' });
  }));
