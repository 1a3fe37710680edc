import { ApprovalId, type ApprovalLink, type Invocation } from '@xem/protocol';
import type { PolicyRules } from '@xem/store';
import { approve } from '../approval/approve.ts';
import { mint } from '../approval-link/mint.ts';
import type { VerbContext } from '../context.ts';
import { askFor, servingAgent } from './call.ts';
import { newPerson, underRules } from './people.ts';
import { inWorld, type TestWorld } from './world.ts';

const TWO_PEOPLE = { any_of: [{ group: '*', count: 2 }] };

/** Rules that ask two people for everything. */
export const BY_TWO: Partial<PolicyRules> = {
  quorum: { destructive: TWO_PEOPLE, irreversible: TWO_PEOPLE },
};

/** The approval that a call waits for. */
export const approvalIdOf = ({ approval }: Invocation) => ApprovalId.parse(approval?.id);

/** The token in the address of a link. */
export const tokenOf = ({ url }: ApprovalLink): string => url?.split('/').at(-1) ?? '';

/** A waiting call, and a reviewer who has a key of their own. */
export interface DecisionScene {
  readonly world: TestWorld;
  readonly asked: Invocation;
  readonly reviewer: VerbContext;
  readonly mintBy: (minter: VerbContext, more?: object) => Promise<ApprovalLink>;
  readonly approveBy: (ctx: VerbContext, more?: object) => ReturnType<typeof approve>;
}

/** Runs a test over a call that waits under some rules. */
export const inDecisionScene = (
  run: (scene: DecisionScene) => Promise<void>,
  {
    tool = 'demo_effect',
    rules = {},
  }: { readonly tool?: string; readonly rules?: Partial<PolicyRules> } = {},
): Promise<void> =>
  inWorld(async (world) => {
    await servingAgent(world);
    await underRules(world, rules);
    const reviewer = await newPerson(world, { name: 'reviewer' });
    const asked = await askFor(world, tool);
    const id = approvalIdOf(asked);
    await run({
      world,
      asked,
      reviewer,
      mintBy: (minter, more = {}) => mint(minter, { id, reviewer: reviewer.actor.id, ...more }),
      approveBy: (ctx, more = {}) => approve(ctx, { id, ...more }),
    });
  });
