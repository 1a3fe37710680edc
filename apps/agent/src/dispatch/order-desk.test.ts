import { hashJson, WorkspaceId, type RefusalReason, type WorkOrder } from '@xem/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decided, openAgentRig, resultOf, type AgentRig } from '../testing/agent-rig.ts';

const LONG = { timeout: 120_000 };
const OTHER_HASH = hashJson('another');

let rig: AgentRig;

beforeAll(async () => {
  rig = await openAgentRig();
  rig.start({ XEM_MAX_CONCURRENT_EXECUTIONS: '2' });
  await rig.router.session();
}, LONG.timeout);

afterAll(() => rig.close(), LONG.timeout);

const answerTo = ({ execution_id }: WorkOrder) =>
  rig.router.until(() =>
    rig.router.frames.find(({ body }) => 'execution_id' in body && body.execution_id === execution_id),
  );

test('order.take runs a tool and brings its bytes and its end', LONG, async () => {
  const work = await rig.order({ tool: 'demo_echo', args: { b: 1, a: 'x' } });
  await rig.router.dispatch(work);
  expect(await resultOf(rig, work)).toMatchObject({ status: 'completed', ended_by: 'exit', exit_code: 0 });
  expect(rig.router.output.bytes(work, 'stdout').toString()).toBe('{"a":"x","b":1}');
  expect(await answerTo(work)).toMatchObject({ kind: 'accept' });
});

test('order.take runs a tool without a process', LONG, async () => {
  const work = await rig.order({ tool: 'demo_noop', args: { n: 1 } });
  await rig.router.dispatch(work);
  expect(await resultOf(rig, work)).toMatchObject({ status: 'completed', exit_code: 0 });
  expect(rig.router.output.bytes(work, 'stdout').toString()).toContain('{"n":1}');
});

test('order.take tells how a tool failed', LONG, async () => {
  const work = await rig.order({ tool: 'demo_fail', args: { exit_code: 7, stderr: 'no' } });
  await rig.router.dispatch(work);
  const error = { code: 'tool_exit_nonzero' };
  expect(await resultOf(rig, work)).toMatchObject({ status: 'failed', exit_code: 7, error });
  expect(rig.router.output.bytes(work, 'stderr').toString()).toContain('no');
});

test('order.take runs a gated tool once it holds a signed receipt over this very call', LONG, async () => {
  const work = decided(await rig.order({ tool: 'demo_effect', args: { id: 'gated' } }));
  await rig.router.dispatch(work, { isSigned: true });
  expect(await resultOf(rig, work)).toMatchObject({ status: 'completed' });
  expect(rig.effects().filter((line) => line.includes('"gated"'))).toHaveLength(1);
});

type Change = (order: WorkOrder) => WorkOrder;
type Row = readonly [what: string, reason: RefusalReason, spoilt: Spoilt];

interface Spoilt {
  readonly change: Change;
  readonly isSigned: boolean;
}

const bare = (change: Change): Spoilt => ({ change, isSigned: false });
const signed = (change: Change): Spoilt => ({ change, isSigned: true });

const withArgs = (order: WorkOrder, args: WorkOrder['args']): WorkOrder => ({
  ...order,
  args,
  args_sha256: hashJson(args),
});

function withoutPolicy(order: WorkOrder): WorkOrder {
  const { policy_id: _policy, ...rest } = decided(order);
  return rest;
}

const gatedRows: readonly Row[] = [
  ['it has neither signature nor receipt', 'signature', bare((order) => order)],
  ['it has a receipt and no signature', 'signature', bare(decided)],
  ['it calls itself harmless', 'signature', bare((order) => ({ ...order, risk: 'read' }))],
  ['it is signed and has no receipt', 'receipt', signed((order) => order)],
  [
    'the decision was over other arguments',
    'receipt',
    signed((order) => withArgs(decided(order), { id: 2 })),
  ],
  [
    'the decision was over less time',
    'receipt',
    signed((order) => ({ ...decided(order), timeout_ms: 29_999 })),
  ],
  ['the decision was under no policy', 'receipt', signed(withoutPolicy)],
];

test.each(gatedRows)(
  'order.take refuses a gated tool when %s: %s',
  LONG,
  async (_what, reason, { change, isSigned }) => {
    const work = change(await rig.order({ tool: 'demo_wipe', args: { id: 'never' } }));
    await rig.router.dispatch(work, { isSigned });
    expect(await answerTo(work)).toMatchObject({ kind: 'refuse', body: { reason } });
    expect(rig.effects().filter((line) => line.includes('never'))).toEqual([]);
  },
);

const NOWHERE = WorkspaceId.parse('ws_0000000000000000');

const plainRows: readonly Row[] = [
  ['the tool is another one here', 'digest', bare((order) => ({ ...order, tool_digest: OTHER_HASH }))],
  ['the tool is not here', 'digest', bare((order) => ({ ...order, tool: 'kubectl_get' }))],
  ['the arguments are others', 'digest', bare((order) => ({ ...order, args_sha256: OTHER_HASH }))],
  ['the arguments break the schema', 'local_policy', bare((order) => withArgs(order, { seconds: 'ten' }))],
  [
    'the workspace is not served',
    'unknown_workspace',
    bare((order) => ({ ...order, workspace_id: NOWHERE })),
  ],
];

test.each(plainRows)(
  'order.take refuses an order when %s: %s',
  LONG,
  async (_what, reason, { change, isSigned }) => {
    const work = change(await rig.order({ tool: 'demo_sleep', args: { seconds: 0 } }));
    await rig.router.dispatch(work, { isSigned });
    expect(await answerTo(work)).toMatchObject({ kind: 'refuse', body: { reason } });
  },
);

test('order.take refuses an order with a signature that is not the router’s', LONG, async () => {
  const work = await rig.order({ tool: 'demo_echo' });
  const order = Buffer.from(JSON.stringify(work));
  await rig.router.send({ kind: 'dispatch', body: { v: 1, order, sig: new Uint8Array(64) } });
  expect(await answerTo(work)).toMatchObject({ kind: 'refuse', body: { reason: 'signature' } });
});

test.each<readonly [string, Partial<WorkOrder>]>([
  ['another session', { session: '0'.repeat(24) }],
  ['another epoch', { epoch: 99 }],
  ['the past', { expires_at: '2020-01-01T00:00:00.000Z' }],
])('order.take leaves an order of %s alone', LONG, async (_what, fields) => {
  const dead = await rig.order({ tool: 'demo_echo', ...fields });
  const alive = await rig.order({ tool: 'demo_echo' });
  await rig.router.dispatch(dead);
  await rig.router.dispatch(alive);
  await resultOf(rig, alive);
  const answers = rig.router.frames.filter(
    ({ body }) => 'execution_id' in body && body.execution_id === dead.execution_id,
  );
  expect(answers).toEqual([]);
});

test('order.take answers a replay from the journal and runs nothing twice', LONG, async () => {
  const door = rig.door('replay');
  const work = await rig.order({ tool: 'gate_write', args: { door: door.path } });
  await rig.router.dispatch(work);
  await answerTo(work);
  await rig.router.dispatch(work);
  door.open();
  await resultOf(rig, work);
  await rig.router.dispatch(work);
  const mine = () => rig.router.of('accept').filter(({ body }) => body.execution_id === work.execution_id);
  await rig.router.until(() => mine().length === 3);
  expect(door.starts()).toBe(1);
});

test('order.take refuses more than its slots', LONG, async () => {
  const orders = await Promise.all(
    [1, 2, 3].map(() => rig.order({ tool: 'demo_sleep', args: { seconds: 30 } })),
  );
  for (const work of orders) await rig.router.dispatch(work);
  const answers = await Promise.all(orders.map(answerTo));
  expect(answers.map(({ kind }) => kind)).toEqual(['accept', 'accept', 'refuse']);
  expect(answers[2]).toMatchObject({ body: { reason: 'slots' } });
  for (const { execution_id } of orders.slice(0, 2)) {
    await rig.router.send({ kind: 'cancel', body: { v: 1, execution_id, attempt: 1, reason: 'enough' } });
  }
  for (const work of orders.slice(0, 2)) {
    expect(await resultOf(rig, work)).toMatchObject({
      status: 'cancelled',
      ended_by: 'cancel',
      survivors: [],
    });
  }
});

test('order.take holds work while it is paused', LONG, async () => {
  const { router, order } = rig;
  const pause = { v: 1, scope: 'workspace', id: router.workspaceId, reason: null } as const;
  const held = await order({ tool: 'demo_echo' });
  await router.send({ kind: 'pause', body: pause });
  await router.dispatch(held);
  expect(await answerTo(held)).toMatchObject({ kind: 'refuse', body: { reason: 'paused' } });
  await router.send({ kind: 'resume', body: pause });
  const free = await order({ tool: 'demo_echo' });
  await router.dispatch(free);
  expect(await resultOf(rig, free)).toMatchObject({ status: 'completed' });
});

test('attempt.cancel kills what ignores SIGTERM and reports it only then', LONG, async () => {
  const work = await rig.order({ tool: 'demo_stubborn', args: { seconds: 60 } });
  await rig.router.dispatch(work);
  await rig.router.until(() => rig.router.output.bytes(work, 'stdout').length > 0);
  const { execution_id } = work;
  await rig.router.send({ kind: 'cancel', body: { v: 1, execution_id, attempt: 1, reason: 'asked' } });
  const result = await resultOf(rig, work);
  expect(result).toMatchObject({ status: 'cancelled', ended_by: 'cancel', survivors: [] });
  expect(result.duration_ms).toBeGreaterThan(4900);
});

test('attempt.cancel leaves the end of a tool that ends by itself as it was', LONG, async () => {
  const work = await rig.order({ tool: 'demo_echo' });
  await rig.router.dispatch(work);
  await resultOf(rig, work);
  const { execution_id } = work;
  await rig.router.send({ kind: 'cancel', body: { v: 1, execution_id, attempt: 1, reason: 'late' } });
  const next = await rig.order({ tool: 'demo_echo' });
  await rig.router.dispatch(next);
  await resultOf(rig, next);
  const results = rig.router.of('result').filter(({ body }) => body.execution_id === execution_id);
  expect(results).toMatchObject([{ body: { status: 'completed' } }]);
});

test('attempt.start gives a tool no secret of the agent', LONG, async () => {
  const door = rig.door('secret');
  door.open();
  const work = await rig.order({ tool: 'gate_read', args: { door: door.path }, traceparent: '00-ab-cd-01' });
  await rig.router.dispatch(work);
  await resultOf(rig, work);
  expect(rig.router.output.bytes(work, 'stderr').toString()).toBe('trace 00-ab-cd-01 secret none\n');
});
