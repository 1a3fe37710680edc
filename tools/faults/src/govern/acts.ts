import type { Clock } from '@xem/runtime';
import { z } from 'zod';
import { create, decide, decideWith, type Caller } from '../load/caller.ts';
import { approvingByLink, breakingGlass } from '../load/deciders.ts';
import type { Chance } from '../seed.ts';
import { holdUp, idOf, operate, UndoneError } from './operate.ts';

/** Who governs, and what chance decides about it. */
interface Governing {
  readonly me: Caller;
  readonly chance: Chance;
  readonly clock: Clock;
}

type Act = (ctx: Governing) => Promise<void>;

const nameOf = ({ chance }: Governing): string => `made-${chance.bytes(6).toString('hex')}`;

const Agents = z.looseObject({
  data: z.array(z.looseObject({ id: z.string(), registration_name: z.string() })),
});

/** One of the agents that this tool runs for the project; intruders of attacks are left out. */
async function agentOf({ me, chance }: Governing): Promise<string> {
  const { data } = Agents.parse(await operate(me, 'agent.list', { status: 'online', limit: 100 }));
  const own = data.filter(({ registration_name }) => ['north', 'south', 'other'].includes(registration_name));
  const [first, ...others] = own;
  if (!first) throw new UndoneError('no agent is online');
  return chance.pick([first, ...others]).id;
}

const gatedCall = ({ me, chance }: Governing) =>
  create(me, {
    tool: 'demo_effect',
    args: { governed: chance.int(1_000_000) },
    idempotencyKey: chance.bytes(12).toString('hex'),
  });

const workspaces: Act = async (ctx) => {
  const { me } = ctx;
  const workspace_id = await idOf(me, 'workspace.create', { name: nameOf(ctx) });
  await operate(me, 'workspace.update', { workspace_id, name: nameOf(ctx) });
  await holdUp(me, 'workspace', { workspace_id });
  const agent_id = await agentOf(ctx);
  await operate(me, 'workspace.bind', { workspace_id, agent_id });
  await operate(me, 'workspace.unbind', { workspace_id, agent_id });
};

const policies: Act = async (ctx) => {
  const { me } = ctx;
  const workspace_id = await idOf(me, 'workspace.create', { name: nameOf(ctx) });
  const id = await idOf(me, 'policy.put', { workspace_id, policy_name: 'first' });
  await operate(me, 'policy.put', { workspace_id, policy_name: 'second' });
  await operate(me, 'policy.delete', { id });
};

const keys: Act = async ({ me }) => {
  const principal_id = await idOf(me, 'principal.create', { kind: 'service', name: 'a service' });
  await operate(me, 'principal.update', { id: principal_id, groups: ['robots'] });
  const id = await idOf(me, 'api_key.create', { principal_id, name: 'a key', scopes: ['execution'] });
  await operate(me, 'api_key.quota', { id, per_minute: 100, burst: 10 });
  const next = await idOf(me, 'api_key.rotate', { id, grace_seconds: 60 });
  await operate(me, 'api_key.revoke', { id: next });
};

const joinKeys: Act = async ({ me }) => {
  const id = await idOf(me, 'join_key.create');
  await operate(me, 'join_key.revoke', { id });
};

/** Nobody is there: each message fails at once, and is tried again. */
const URL_OF_NOBODY = 'https://hooks.example.invalid/xem';

const Hooks = z.looseObject({ data: z.array(z.looseObject({ id: z.string(), url: z.string() })) });
const HOOKS_MAX = 5;

/** Those whose maker was cut off are many after a while. */
async function clearAway(me: Caller): Promise<void> {
  const { data } = Hooks.parse(await operate(me, 'webhook.list', { limit: 100 }));
  const left = data.filter(({ url }) => url === URL_OF_NOBODY).slice(HOOKS_MAX);
  for (const { id } of left) await operate(me, 'webhook.delete', { id });
}

const webhooks: Act = async ({ me, chance, clock }) => {
  await clearAway(me);
  const id = await idOf(me, 'webhook.create', { url: URL_OF_NOBODY });
  await operate(me, 'webhook.update', { id, description: 'another' });
  await clock.sleep(chance.int(1500));
  await operate(me, 'webhook.rotate_secret', { id });
  await operate(me, 'webhook.delete', { id });
};

const WINDOW = { title: 'A window', severity: 'info', starts_at: '2199-01-01T00:00:00.000Z' };

const windows: Act = async ({ me }) => {
  const id = await idOf(me, 'maintenance.create', WINDOW);
  await operate(me, 'maintenance.update', { id, title: 'Another' });
  await operate(me, 'maintenance.start', { id });
  await operate(me, 'maintenance.complete', { id });
  const other = await idOf(me, 'maintenance.create', WINDOW);
  await operate(me, 'maintenance.cancel', { id: other });
};

const project: Act = async (ctx) => {
  await operate(ctx.me, 'project.update', { name: nameOf(ctx) });
  await operate(ctx.me, 'project.top_up', { credits: 1000 });
};

const exports: Act = async ({ me, chance }) => {
  await operate(me, chance.pick(['export.journal', 'export.executions']));
};

const agents: Act = async (ctx) => {
  const id = await agentOf(ctx);
  await operate(ctx.me, 'agent.update', { id, region: nameOf(ctx) });
  await holdUp(ctx.me, 'agent', { id });
};

const rotation: Act = async (ctx) => {
  await operate(ctx.me, 'agent.curve_rotate', { id: await agentOf(ctx) });
  await ctx.clock.sleep(1000);
};

/** A reviewer votes by a link that somebody else made for them. */
const link: Act = async (ctx) => {
  const call = await gatedCall(ctx);
  if (call?.status !== 'pending_approval') return;
  // A browser has no second try: what breaks under it is a page that did not come.
  const vote = await approvingByLink(ctx.me, call).catch(() => null);
  await vote?.().catch(() => null);
};

const glass: Act = async (ctx) => {
  const call = await gatedCall(ctx);
  if (call?.status !== 'pending_approval') return;
  const hammer = await breakingGlass(ctx.me, call);
  await hammer();
};

/** A caller of a workspace of its own that has a policy of its own, for as long as it lasts. */
async function governed(ctx: Governing, rules: object, act: (me: Caller) => Promise<void>): Promise<void> {
  const { me } = ctx;
  const workspace_id = await idOf(me, 'workspace.create', { name: nameOf(ctx) });
  const agent_id = await agentOf(ctx);
  await operate(me, 'policy.put', { workspace_id, ...rules });
  await operate(me, 'workspace.bind', { workspace_id, agent_id });
  try {
    await act({ ...me, tenant: { ...me.tenant, workspace: workspace_id } });
  } finally {
    await operate(me, 'workspace.unbind', { workspace_id, agent_id });
  }
}

const PUBLISHED_MS = 10_000;
const LOOK_MS = 250;

/** A call of a tool that waits for people, once the agent has published its tools for the workspace. */
async function governedCall(ctx: Governing, me: Caller) {
  const givesUpAt = ctx.clock.monotonic() + PUBLISHED_MS;
  let call = await gatedCall({ ...ctx, me });
  while (call === null && ctx.clock.monotonic() < givesUpAt) {
    await ctx.clock.sleep(LOOK_MS);
    call = await gatedCall({ ...ctx, me });
  }
  return call;
}

const TWO = { any_of: [{ group: '*', count: 2 }] };

const BY_TWO = {
  quorum_destructive: TWO,
  quorum_irreversible: TWO,
  timeout_seconds_destructive: 6,
  timeout_seconds_irreversible: 6,
};

const votes: Act = (ctx) =>
  governed(ctx, BY_TWO, async (me) => {
    const call = await governedCall(ctx, me);
    if (call?.status !== 'pending_approval') return;
    for (const key of me.tenant.humans)
      await decideWith(me, { call, key, verb: 'approve', body: { confirm: call.tool } });
  });

const STAGES = [1, 2].map((stage) => ({ stage, groups: [], timeout_seconds: 1 }));

const ESCALATING = {
  timeout_seconds_destructive: 1,
  timeout_seconds_irreversible: 1,
  on_timeout_destructive: 'escalate',
  on_timeout_irreversible: 'escalate',
  escalation_chain: STAGES,
};

const escalation: Act = (ctx) =>
  governed(ctx, ESCALATING, async (me) => {
    const call = await governedCall(ctx, me);
    if (call?.status !== 'pending_approval') return;
    await ctx.clock.sleep(1500 + ctx.chance.int(2000));
    if (ctx.chance.often(0.5)) await decide(me, call, 'approve');
  });

/** New calls are held while this lasts. */
const projectPause: Act = ({ me }) => holdUp(me, 'project');

/** What people do who govern a project. */
export const ACTS = {
  workspaces,
  policies,
  keys,
  joinKeys,
  webhooks,
  windows,
  project,
  exports,
  agents,
  rotation,
  link,
  glass,
  votes,
  escalation,
  projectPause,
} as const;
