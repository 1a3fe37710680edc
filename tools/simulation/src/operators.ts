import { agent, policy, project, workspace, type VerbContext } from '@xem/domain';
import { ExecError } from '@xem/errors';
import {
  pauseAgent,
  pauseProject,
  pauseWorkspace,
  putPolicy,
  resumeAgent,
  resumeProject,
  resumeWorkspace,
  rotateAgentCurve,
  type AgentId,
  type WorkspaceId,
} from '@xem/protocol';
import type { SimulatedWorld } from './world.ts';

/** What an operator does, given an agent and a workspace of theirs. */
type Act = (
  ctx: VerbContext,
  on: { readonly id: AgentId; readonly workspace_id: WorkspaceId },
) => Promise<unknown>;

const PAUSES: readonly Act[] = [
  (ctx, { id }) => agent.pause(ctx, pauseAgent.input.parse({ id })),
  (ctx, { workspace_id }) => workspace.pause(ctx, pauseWorkspace.input.parse({ workspace_id })),
  (ctx) => project.pause(ctx, pauseProject.input.parse({})),
];

const RESUMES: readonly Act[] = [
  (ctx, { id }) => agent.resume(ctx, resumeAgent.input.parse({ id })),
  (ctx, { workspace_id }) => workspace.resume(ctx, resumeWorkspace.input.parse({ workspace_id })),
  (ctx) => project.resume(ctx, resumeProject.input.parse({})),
];

const setPolicy =
  (seconds: number): Act =>
  (ctx, { workspace_id }) =>
    policy.put(ctx, putPolicy.input.parse({ workspace_id, timeout_seconds_destructive: seconds }));

const dropPolicy: Act = async (ctx, { workspace_id }) => {
  const { data } = await policy.list(ctx, { workspace_id, limit: 1 });
  const own = data.find((row) => row.workspace_id === workspace_id);
  return own && policy.delete(ctx, { id: own.id });
};

/** Calls that wait under one of these when it goes have to be asked for again. */
const POLICIES: readonly Act[] = [setPolicy(900), setPolicy(901), dropPolicy];

const ACTS: readonly Act[] = [
  ...PAUSES,
  ...RESUMES,
  ...RESUMES,
  ...POLICIES,
  (ctx, { id }) => agent.curveRotate(ctx, rotateAgentCurve.input.parse({ id })),
];

async function actOnAll({ router, people, store }: SimulatedWorld, acts: readonly Act[]): Promise<void> {
  const { workspace_id, project_id, keys } = people;
  const ctx = await router.as(keys.operator);
  const agents = await store.read.agents.list(project_id, {}, { limit: 10 });
  const steps = agents.flatMap(({ id }) => acts.map((act) => () => act(ctx, { id, workspace_id })));
  for (const step of steps) await step();
}

async function perform(world: SimulatedWorld, acts: readonly Act[]): Promise<void> {
  try {
    await actOnAll(world, acts);
  } catch (err) {
    if (err instanceof ExecError) return;
    world.complaints.push(`an operator got ${err instanceof Error ? err.message : 'something odd'}`);
  }
}

/** Lets an operator do one thing, to every agent where it is done to agents. Nothing of it is waited for. */
export const operate = (world: SimulatedWorld): void => {
  if (world.router.services()) void perform(world, [world.dice.pick(ACTS)]);
};

/** Ends every pause. */
export const resumeAll = (world: SimulatedWorld): void => {
  if (world.router.services()) void perform(world, RESUMES);
};
