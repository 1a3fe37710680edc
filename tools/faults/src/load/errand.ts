import type { Invocation } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import { ACTS } from '../govern/acts.ts';
import { UndoneError } from '../govern/operate.ts';
import type { Chance } from '../seed.ts';
import { cancel, create, decide, inspect, look, readBytes, trespass, type Caller } from './caller.ts';

/** What one errand works with. */
export interface ErrandContext {
  readonly me: Caller;
  /** Somebody of the other project. */
  readonly stranger: Caller;
  readonly chance: Chance;
  readonly clock: Clock;
}

type Errand = (ctx: ErrandContext) => Promise<void>;

const keyOf = (chance: Chance): string => chance.bytes(12).toString('hex');

const ended = (call: Invocation | null): boolean => call?.actions.includes('cancel') === false;

/** Follows a call for a while. */
async function follow({ me, chance }: ErrandContext, id: string): Promise<Invocation | null> {
  return look(me, id, chance.int(4));
}

const read: Errand = async (ctx) => {
  const tool = ctx.chance.pick(['demo_echo', 'demo_noop', 'demo_echo']);
  const args = { n: ctx.chance.int(1_000_000), text: keyOf(ctx.chance) };
  const call = await create(ctx.me, { tool, args, idempotencyKey: keyOf(ctx.chance) });
  if (!call) return;
  const end = await follow(ctx, call.id);
  if (end?.status === 'completed' && end.execution_id !== null && ctx.chance.often(0.3))
    await readBytes(ctx.me, end.execution_id, 'stdout');
};

const fail: Errand = async (ctx) => {
  const args = { exit_code: 1 + ctx.chance.int(254) };
  const call = await create(ctx.me, { tool: 'demo_fail', args, idempotencyKey: keyOf(ctx.chance) });
  if (call) await follow(ctx, call.id);
};

const flood: Errand = async (ctx) => {
  const bytes = ctx.chance.int(ctx.chance.often(0.1) ? 4_000_000 : 200_000);
  const args = {
    bytes,
    pattern: ctx.chance.pick(['binary', 'text', 'line']),
    stream: ctx.chance.pick(['stdout', 'both']),
  };
  const call = await create(ctx.me, { tool: 'demo_flood', args, idempotencyKey: keyOf(ctx.chance) });
  if (!call) return;
  const end = await look(ctx.me, call.id, 5);
  if (end?.status !== 'completed' || end.execution_id === null) return;
  await readBytes(ctx.me, end.execution_id, ctx.chance.pick(['stdout', 'stderr']));
};

/** A run that takes a while, sometimes longer than it may, and sometimes somebody stops it. */
const long: Errand = async (ctx) => {
  const { chance, me, clock } = ctx;
  const args = { seconds: chance.int(40) / 10 };
  const timeoutMs = chance.often(0.2) ? 1000 : 20_000;
  const call = await create(me, { tool: 'demo_sleep', args, idempotencyKey: keyOf(chance), timeoutMs });
  if (!call) return;
  if (chance.often(0.3)) {
    await clock.sleep(chance.int(1500));
    await cancel(me, call.id);
    if (chance.often(0.3)) await cancel(me, call.id);
  }
  await follow(ctx, call.id);
};

/** What becomes of a call that waits for a human. */
async function settle({ me, chance, clock }: ErrandContext, call: Invocation): Promise<void> {
  if (call.approval === null) return;
  await clock.sleep(chance.int(800));
  const approve = () => decide(me, call, 'approve');
  const reject = () => decide(me, call, 'reject');
  const stop = () => cancel(me, call.id);
  const late = async () => {
    await clock.sleep(5500 + chance.int(1000));
    await approve();
  };
  const ways: readonly [() => Promise<unknown>, ...(() => Promise<unknown>)[]] = [
    approve,
    approve,
    approve,
    approve,
    reject,
    stop,
    async () => undefined,
    late,
    () => Promise.all([approve(), approve()]),
    () => Promise.all([approve(), reject()]),
    () => Promise.all([approve(), stop()]),
  ];
  await chance.pick(ways)();
}

const gated: Errand = async (ctx) => {
  const { chance, me } = ctx;
  const tool = chance.pick(['demo_effect', 'demo_effect', 'demo_wipe']);
  const wish = { tool, args: { step: chance.int(1_000_000) }, idempotencyKey: keyOf(chance) };
  const [call] = await Promise.all([create(me, wish), chance.often(0.2) ? create(me, wish) : null]);
  if (!call) return;
  await settle(ctx, call);
  const seen = await follow(ctx, call.id);
  if (ended(seen) && chance.often(0.3)) await create(me, wish);
};

const review: Errand = ({ me }) => inspect(me);

const intrude: Errand = async ({ me, stranger, chance }) => {
  const call = await create(me, { tool: 'demo_noop', args: {}, idempotencyKey: keyOf(chance) });
  if (!call) return;
  const paths = [
    `/v1/exec/invocations/${call.id}`,
    `/v1/exec/executions/${call.execution_id ?? call.id}`,
    `/v1/exec/executions/${call.execution_id ?? call.id}/raw`,
  ];
  for (const path of paths) await trespass(stranger, path);
};

/** What people do beside, as often as the mesh lets them; a pause of the whole project would hold up all the others. */
const govern: Errand = async (ctx) => {
  const { projectPause: _, ...others } = ACTS;
  const [first, ...more] = Object.values(others);
  if (!first) return;
  await ctx.chance
    .pick([first, ...more])(ctx)
    .catch((err: unknown) => {
      if (!(err instanceof UndoneError)) throw err;
    });
};

/** How often each kind of errand is run. */
const MIX: readonly [Errand, ...Errand[]] = [
  read,
  read,
  read,
  read,
  gated,
  gated,
  gated,
  gated,
  long,
  long,
  flood,
  fail,
  review,
  intrude,
  govern,
];

/** Runs one errand that the seed chooses. */
export const runErrand = (ctx: ErrandContext): Promise<void> => ctx.chance.pick(MIX)(ctx);
