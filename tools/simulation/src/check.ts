import { journal } from '@xem/domain';
import { CALL_ENDS, GATED_RISKS, INVOCATION_TERMINAL, sha256Hex, type JournalEntry } from '@xem/protocol';
import type { InvocationRecord } from '@xem/store';
import type { Request } from './requests.ts';
import type { Effect } from './host.ts';
import { DEFINITIONS } from './tools.ts';
import type { SimulatedWorld } from './world.ts';

/** A call with everything that is known of it. */
interface Case {
  readonly request: Request;
  readonly row: InvocationRecord;
  readonly story: readonly JournalEntry[];
  readonly effects: readonly Effect[];
}

/** What a call must hold to; null when it does. */
type Rule = (subject: Case) => string | null;

const GATED: ReadonlySet<string> = new Set(
  DEFINITIONS.filter(({ risk }) => GATED_RISKS.has(risk)).map(({ name }) => name),
);
const REPEATABLE: ReadonlySet<string> = new Set(
  DEFINITIONS.filter(({ risk, idempotent }) => risk === 'read' || idempotent).map(({ name }) => name),
);

const endsOnce: Rule = ({ row, story }) => {
  if (!INVOCATION_TERMINAL.has(row.status)) return `is still ${row.status}`;
  const ends = story.filter(({ type }) => CALL_ENDS.has(type)).length;
  return ends === 1 ? null : `has ${ends} ends in the journal`;
};

const runsOnce: Rule = ({ request, effects }) => {
  const attempts = new Set(effects.map(({ attempt }) => attempt));
  if (attempts.size !== effects.length) return 'took effect twice in one attempt';
  if (REPEATABLE.has(request.tool) || effects.length <= 1) return null;
  return `took effect ${effects.length} times, and may only once`;
};

const runsAsAsked: Rule = ({ request, effects }) =>
  effects.every(({ tool, args }) => tool === request.tool && args['n'] === request.args.n)
    ? null
    : 'took effect with other arguments than were asked for';

const runsDecided: Rule = ({ request, effects, story }) => {
  const [effect] = effects;
  if (!GATED.has(request.tool) || !effect) return null;
  if (!request.approved) return 'ran, and nobody approved it';
  const approved = story.find(({ type }) => type === 'approval.approved');
  if (!approved) return 'ran without an approval in the journal';
  return Date.parse(approved.at) <= effect.at ? null : 'ran before it was approved';
};

const neverRanWhenRejected: Rule = ({ row, effects }) =>
  row.status === 'rejected' && effects.length > 0 ? 'was rejected, and took effect' : null;

const ranWhenCompleted: Rule = ({ row, effects }) =>
  row.status === 'completed' && !effects.some(({ attempt }) => attempt === row.attempt)
    ? 'completed, and no effect was seen'
    : null;

const RULES: readonly Rule[] = [
  endsOnce,
  runsOnce,
  runsAsAsked,
  runsDecided,
  neverRanWhenRejected,
  ranWhenCompleted,
];

/** The bytes of a call that completed are those that its attempt wrote. */
async function checkBytes({ agents, store }: SimulatedWorld, { row }: Case): Promise<string | null> {
  const { executionId } = row;
  if (row.status !== 'completed' || executionId === null) return null;
  const written = agents.flatMap(({ host }) => host.outputOf(executionId) ?? [])[0];
  const execution = await store.read.executions.find(executionId);
  if (!written || !execution?.stdout) return 'has no output record';
  const { bytes, sha256, missing } = execution.stdout;
  if (missing.length > 0) return 'misses bytes of its output';
  if (bytes === written.length && sha256 === sha256Hex(written)) return null;
  return `has ${bytes} bytes of output, and ${written.length} were written`;
}

async function caseOf(world: SimulatedWorld, request: Request): Promise<Case | null> {
  const id = request.answer?.id;
  if (!id) return null;
  const { read } = world.store;
  const row = await read.invocations.get(world.people.project_id, id);
  if (!row) return null;
  const story = await read.journal.ofInvocation(world.people.project_id, id, 0);
  const effects = world.agents.flatMap(({ host }) => host.effects).filter((one) => one.invocationId === id);
  return { request, row, story, effects };
}

async function checkRequest(world: SimulatedWorld, request: Request): Promise<readonly string[]> {
  const who = `${request.key} (${request.tool})`;
  if (request.answer === null) return [`${who} was never answered`];
  const subject = await caseOf(world, request);
  if (!subject) return [`${who} was answered, and is not there`];
  const broken = RULES.flatMap((rule) => rule(subject) ?? []);
  const bytes = await checkBytes(world, subject);
  return [...broken, ...(bytes === null ? [] : [bytes])].map((what) => `${who} ${what}`);
}

/** Nothing may hold a slot of an agent once everything has ended. */
async function checkRest({ router, store, agents }: SimulatedWorld): Promise<readonly string[]> {
  const open = await store.read.executions.agentsWithOpen();
  const live = [...(router.services()?.fleet.all() ?? [])];
  const held = live.filter(({ inFlight }) => inFlight.size > 0);
  return [
    ...(open.length > 0 ? ['attempts are open although every call has ended'] : []),
    ...held.map(({ agentId, inFlight }) => `${agentId} holds ${inFlight.size} slots for nothing`),
    ...(live.length < agents.length ? [`${live.length} of ${agents.length} agents came back`] : []),
    ...agents.flatMap((agent) => agent.gaveUp() ?? []),
  ];
}

/** When an agent had a gated call: from its order to the end of the attempt, as the journal tells. */
interface Hold {
  readonly who: string;
  readonly from: number;
  readonly to: number;
}

async function holdsOf({ store, people }: SimulatedWorld, request: Request): Promise<readonly Hold[]> {
  const id = request.answer?.id;
  if (!GATED.has(request.tool) || !id) return [];
  const story = await store.read.journal.ofInvocation(people.project_id, id, 0);
  const given = story.filter(({ type }) => type === 'invocation.dispatched');
  return given.map(({ seq, refs }) => {
    const over = story.find((entry) => OVER.has(entry.type) && entry.refs.execution_id === refs.execution_id);
    return { who: request.key, from: seq, to: over?.seq ?? Infinity };
  });
}

const OVER: ReadonlySet<string> = new Set(['execution.ended', 'execution.refused']);

/** Of the calls that a workspace takes one at a time, no two were out at once. */
async function checkAlone(world: SimulatedWorld): Promise<readonly string[]> {
  const holds = await Promise.all(world.clients.requests.map((request) => holdsOf(world, request)));
  const inOrder = holds.flat().toSorted((a, b) => a.from - b.from);
  return inOrder.flatMap((hold, index) => {
    const next = inOrder[index + 1];
    return next && next.from < hold.to ? [`${next.who} was given out while ${hold.who} was`] : [];
  });
}

/** Everything that does not hold, in sentences; none is as it should be. */
export async function check(world: SimulatedWorld): Promise<readonly string[]> {
  const { router, clients, people, complaints } = world;
  const found: string[] = [...complaints];
  for (const request of clients.requests) found.push(...(await checkRequest(world, request)));
  found.push(...(await checkRest(world)), ...(await checkAlone(world)));
  if (!router.services()) return [...found, 'the router did not come back'];
  const verified = await journal.verify(await router.as(people.keys.operator));
  if (!verified.ok) found.push(`the journal does not verify from entry ${verified.first_bad_seq} on`);
  return found;
}
