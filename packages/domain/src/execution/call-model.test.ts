import { ExecError } from '@xem/errors';
import {
  ApprovalId,
  EXECUTION_TERMINAL,
  INVOCATION_TERMINAL,
  invocationMachine,
  type Invocation,
  type InvocationStatus,
  type RefusalReason,
} from '@xem/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lapse as lapseAgent } from '../agent/lapse.ts';
import { approve } from '../approval/approve.ts';
import { reject } from '../approval/reject.ts';
import { agentContext, systemContext, type ProjectContext } from '../context.ts';
import { cancel } from '../invocation/cancel.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import { greet } from '../testing/agent.ts';
import {
  hasEnded,
  MODEL_EVENTS,
  newCall,
  nextOf,
  type ModelCall,
  type ModelEvent,
} from '../testing/call-model.ts';
import {
  accountOf,
  afresh,
  askFor,
  attemptOf,
  end,
  inWorld,
  meter,
  rowOf,
  servingAgent,
  start,
  type TestWorld,
} from '../testing/index.ts';
import { fillSlots } from './fill-slots.ts';
import type { Report } from './outcome.ts';
import { reconcile, type Return } from './reconcile.ts';
import { refuse } from './refuse.ts';

const RUNS = 300;
const EVENTS_MAX = 14;
const LEASE_MS = 30_000;
/** More deadlines than any call has in a row. */
const DEADLINES_MAX = 12;
const TOOL_OF = {
  read: 'demo_echo',
  write: 'demo_write',
  idempotent: 'demo_again',
  gated: 'demo_effect',
} as const;
const KINDS = ['read', 'write', 'idempotent', 'gated'] as const satisfies readonly ModelCall['kind'][];

type Serving = Awaited<ReturnType<typeof servingAgent>>;

/** An agent as its host keeps it. */
interface Hosted {
  readonly world: TestWorld;
  readonly serving: Serving;
  readonly ctx: ProjectContext;
  journalId: string;
}

interface Play extends Hosted {
  readonly asked: Invocation;
  /** Attempts that are over, one way or another. */
  readonly former: Invocation[];
}

/** The attempt that the call is on, as an agent names it. */
async function attemptIn({ world, asked }: Play): Promise<Invocation | null> {
  const { executionId, agentId, attempt } = await rowOf(world, asked);
  return executionId && agentId ? { ...asked, execution_id: executionId, agent_id: agentId, attempt } : null;
}

const isThere = ({ world, serving }: Play): boolean => world.services.fleet.find(serving.agent.id) !== null;

/** Runs what an agent says of its attempt, when it has one and a session to say it on. */
async function say(play: Play, word: (attempt: Invocation) => Promise<unknown>): Promise<void> {
  const attempt = await attemptIn(play);
  const row = attempt && (await play.world.store.read.executions.find(attemptOf(attempt).executionId));
  if (attempt && row && !EXECUTION_TERMINAL.has(row.status) && isThere(play)) await word(attempt);
}

const refuseWith = (reason: RefusalReason) => (play: Play) =>
  say(play, (attempt) => refuse(play.ctx, { ...attemptOf(attempt), reason, message: reason }));

const reportOf = (change: Partial<Report>) => (play: Play) =>
  say(play, (attempt) => end(play.world, attempt, change));

/** The agent says hello again, under a journal, with or without the attempt it had. */
async function comeBack(
  { world, serving, ctx, journalId }: Hosted,
  unacknowledged: Return['unacknowledged'],
): Promise<void> {
  const hello = serving.host.hello(serving.agent.id, serving.agent.manifestHash);
  await greet(world.services, { hello: { ...hello, journal_id: journalId } });
  await reconcile(ctx, { agentId: serving.agent.id, journalId, unacknowledged });
}

const approvalOf = ({ asked }: Play) => ApprovalId.parse(asked.approval?.id);

const HAPPENS: Readonly<Record<ModelEvent, (play: Play) => Promise<unknown>>> = {
  approve: async (play) => play.asked.approval && approve(play.world.approver, { id: approvalOf(play) }),
  reject: async (play) => play.asked.approval && reject(play.world.approver, { id: approvalOf(play) }),
  cancel: async ({ world, asked }) => cancel(world.service, { id: (await rowOf(world, asked)).id }),
  offer: ({ ctx, serving }) => fillSlots(ctx, serving.agent.id),
  accept: (play) => say(play, (attempt) => start(play.world, attempt)),
  completed: reportOf({}),
  failed: reportOf({ status: 'failed', exit_code: 3 }),
  timeout: reportOf({ status: 'timeout', ended_by: 'timeout', exit_code: null }),
  cancelled: reportOf({ status: 'cancelled', ended_by: 'cancel', exit_code: null }),
  refuseForNow: refuseWith('slots'),
  refuseForGood: refuseWith('local_policy'),
  lapse: async ({ world, serving }) => {
    await world.clock.advance(LEASE_MS + 1);
    await lapseAgent(world.services, serving.agent.id);
  },
  returnWithIt: async (play) => {
    const attempt = await attemptIn(play);
    const key = attempt && attemptOf(attempt);
    const listed = key && { execution_id: key.executionId, attempt: key.attempt, state: 'running' as const };
    await comeBack(play, listed ? [listed] : []);
  },
  returnWithout: (play) => comeBack(play, []),
  returnAsAnother: (play) => {
    play.journalId = play.world.services.ids.hex();
    return comeBack(play, []);
  },
  deadline: async ({ world, asked }) => {
    const { id, deadlineAt } = await rowOf(world, asked);
    if (deadlineAt === null) return;
    await world.clock.advance(Math.max(0, deadlineAt - world.clock.now()));
    await settleDeadline(systemContext(world.services, world.operator.projectId), id);
  },
  lateResult: async ({ world, former }) => {
    for (const attempt of former) await end(world, attempt);
  },
};

/** Asking for what has ended already is refused, and changes nothing. */
const REFUSED: ReadonlySet<string> = new Set([
  'approval_not_pending',
  'invocation_terminal',
  'approval_stale',
]);

async function happen(play: Play, event: ModelEvent): Promise<void> {
  const before = await attemptIn(play);
  try {
    await HAPPENS[event](play);
  } catch (err) {
    if (!(err instanceof ExecError) || !REFUSED.has(err.code)) throw err;
  }
  if (before && (await openStatus(play)) === null) play.former.push(before);
}

async function openStatus({ world, asked }: Play): Promise<string | null> {
  const { executionId } = await rowOf(world, asked);
  const row = executionId && (await world.store.read.executions.find(executionId));
  return row && !EXECUTION_TERMINAL.has(row.status) ? row.status : null;
}

/** What of a call the model speaks of. */
async function seenOf(play: Play) {
  const { status, error, attempt, losses } = await rowOf(play.world, play.asked);
  return { status, code: error?.code ?? null, attempt, losses, open: await openStatus(play) };
}

const modelled = ({ status, code, attempt, losses, open }: ModelCall) => ({
  status,
  code,
  attempt,
  losses,
  open,
});

/** The states one arrow away, or the same. */
const reach = (from: InvocationStatus): readonly InvocationStatus[] => [
  from,
  ...Object.values(invocationMachine.arrows)
    .filter((arrow) => arrow.from.includes(from))
    .map((arrow) => arrow.to),
];

/** A call that has not ended has a deadline, and one that has ended has none; no event leads outside of the table. */
async function assertSound(play: Play, before: InvocationStatus): Promise<void> {
  const { status, deadlineAt } = await rowOf(play.world, play.asked);
  expect(deadlineAt === null, `${status} until ${deadlineAt}`).toBe(INVOCATION_TERMINAL.has(status));
  expect(reach(before).flatMap(reach)).toContain(status);
}

/** What is kept back is what calls that have not ended hold, and nothing is spent twice. */
async function assertPaid({ world, asked }: Play, before: number): Promise<void> {
  const { reserved, settled, granted } = await accountOf(world);
  const { status, creditReserved, attempt } = await rowOf(world, asked);
  const kept = creditReserved ?? 0;
  const ended = INVOCATION_TERMINAL.has(status);
  expect(reserved, status).toBe(ended ? 0 : kept);
  expect(settled, status).toBeGreaterThanOrEqual(before);
  expect(settled, status).toBeLessThanOrEqual(ended && attempt > 0 ? before + kept : before);
  expect(settled).toBeLessThanOrEqual(granted);
}

/** Slots and places are given back as the dispatcher does it. */
const followEnds = ({ store, services }: TestWorld): (() => void) =>
  store.onCommit((entries) => {
    for (const { type, refs } of entries) {
      if (type !== 'execution.ended' && type !== 'execution.refused') continue;
      if (refs.agent_id && refs.execution_id) services.fleet.release(refs.agent_id, refs.execution_id);
      if (refs.execution_id) services.occupancy.release(refs.execution_id);
    }
  });

async function begin(hosted: Hosted, kind: ModelCall['kind']): Promise<Play> {
  await comeBack(hosted, []);
  const ctx = await afresh(hosted.world);
  return { ...hosted, former: [], asked: await askFor(hosted.world, TOOL_OF[kind], { ctx }) };
}

/** Plays events on a call and on its model; both must tell the same after each. */
async function playOut(
  hosted: Hosted,
  kind: ModelCall['kind'],
  events: readonly ModelEvent[],
): Promise<void> {
  const { settled } = await accountOf(hosted.world);
  const played = await begin(hosted, kind);
  let model = newCall(kind);
  const told: string[] = [];
  const step = async (event: ModelEvent): Promise<void> => {
    const { status } = await rowOf(played.world, played.asked);
    told.push(event);
    await happen(played, event);
    model = nextOf(model, event);
    expect(await seenOf(played), told.join(' ')).toEqual(modelled(model));
    await assertSound(played, status);
    await assertPaid(played, settled);
  };
  for (const event of events) await step(event);
  for (let left = DEADLINES_MAX; left > 0 && !hasEnded(model); left -= 1) await step('deadline');
  expect(hasEnded(model), told.join(' ')).toBe(true);
  hosted.journalId = played.journalId;
}

test('a call goes where the table of its states says, whatever happens, and comes to an end', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const { agent, arrival } = serving;
    const ctx = agentContext(world.services, { projectId: agent.projectId, agentId: agent.id });
    await meter(world, { credits: 1_000_000, perCall: 7, perSecond: 3 });
    const hosted: Hosted = { world, serving, ctx, journalId: arrival.journalId };
    const stop = followEnds(world);
    const kinds = fc.constantFrom(...KINDS);
    const events = fc.array(fc.constantFrom(...MODEL_EVENTS), { maxLength: EVENTS_MAX });
    await fc.assert(
      fc.asyncProperty(kinds, events, (kind, happened) => playOut(hosted, kind, happened)),
      { numRuns: RUNS },
    );
    stop();
    expect(await world.store.read.executions.agentsWithOpen()).toEqual([]);
    expect(world.services.fleet.find(agent.id)?.inFlight.size ?? 0).toBe(0);
  }));
