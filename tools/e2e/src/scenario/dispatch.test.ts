import { Workspace, type Execution, type Invocation } from '@xem/protocol';
import { expect } from 'vitest';
import { call } from '../mesh/api.ts';
import { doorIn, type Door } from '../mesh/door.ts';
import { effectsOf } from '../mesh/effects.ts';
import { ask, decide, execution, reach, read, settled } from '../mesh/invoke.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();

interface Span {
  readonly from: number;
  readonly to: number;
}

/** From the moment an attempt was given out to its end. */
const spanOf = ({ created_at, ended_at }: Execution): Span => ({
  from: Date.parse(created_at),
  to: Date.parse(ended_at ?? ''),
});

/** The attempts of some calls, each of which has completed. */
const attemptsOf = (calls: readonly Invocation[]): Promise<readonly Execution[]> =>
  Promise.all(
    calls.map(async ({ id }) => {
      const { status, execution_id } = await settled(mesh(), id);
      expect([id, status]).toEqual([id, 'completed']);
      return execution(mesh(), execution_id ?? '');
    }),
  );

/** The greatest number of attempts that were under way at one time. */
function mostAtOnce(attempts: readonly Execution[]): number {
  const spans = attempts.map(spanOf);
  return Math.max(
    ...spans.map(({ from }) => spans.filter((other) => other.from <= from && from < other.to).length),
  );
}

const askAll = (tools: readonly string[], args: Readonly<Record<string, unknown>> = {}) =>
  Promise.all(tools.map((tool) => ask(mesh(), { tool, args })));

async function limit(concurrency: object): Promise<Workspace> {
  const path = `/v1/workspaces/${mesh().facts.workspace_id}`;
  const answer = await call(mesh(), { method: 'PATCH', path, body: { concurrency } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return Workspace.parse(answer.body);
}

async function approveAll(calls: readonly Invocation[]): Promise<void> {
  const answers = await Promise.all(
    calls.map(({ approval, tool }) =>
      decide(mesh(), approval?.id ?? '', { verb: 'approve', body: { confirm: tool } }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 200));
}

proves(
  'dispatch.exclusive',
  'eight that are approved at once run one after another, each once, while reads run beside them',
  async () => {
    const calls = await askAll(Array.from({ length: 8 }, (_, n) => (n % 2 ? 'demo_wipe' : 'demo_effect')));
    const door = doorIn(mesh(), 'beside');
    const [besides] = await askAll(['door_read'], door.args);
    await reach(mesh(), besides?.id ?? '', ['running']);
    await approveAll(calls);
    const destructive = await attemptsOf(calls);
    expect(mostAtOnce(destructive)).toBe(1);
    expect(calls.map(({ id }) => effectsOf(mesh(), id).length)).toEqual(calls.map(() => 1));
    expect(await read(mesh(), besides?.id ?? '')).toMatchObject({ status: 'running', attempt: 1 });
    door.open();
    expect(await settled(mesh(), besides?.id ?? '')).toMatchObject({ status: 'completed' });
  },
);

/** Waits until calls run, all of them at one time, lets them end, and answers their attempts. */
async function runTogether(calls: readonly Invocation[], door: Door): Promise<readonly Execution[]> {
  for (const { id } of calls) await reach(mesh(), id, ['running']);
  door.open();
  return attemptsOf(calls);
}

proves(
  'dispatch.exclusive',
  'a workspace that does without the lock lets them run side by side',
  async () => {
    expect((await limit({ exclusive_destructive: false })).concurrency.exclusive_destructive).toBe(false);
    const door = doorIn(mesh(), 'side-by-side');
    const calls = await askAll(['door_wipe', 'door_wipe', 'door_wipe'], door.args);
    await approveAll(calls);
    expect(mostAtOnce(await runTogether(calls, door))).toBe(3);
    await limit({ exclusive_destructive: true });
  },
);

proves('dispatch.limits', 'of a tool, while others pass it, and none once it is lifted', async () => {
  const id = mesh().facts.workspace_id;
  const words = ['workspaces', 'update', id, '--tool-limit', 'door_read=1', '--output', 'json'];
  const printed = await xeroctl(mesh(), words);
  expect(printed.code, printed.stderr).toBe(0);
  expect(Workspace.parse(JSON.parse(printed.stdout.toString())).concurrency.per_tool).toEqual({
    door_read: 1,
  });
  const [first, second] = [doorIn(mesh(), 'limited'), doorIn(mesh(), 'free')];
  const slow = await askAll(['door_read', 'door_read', 'door_read'], first.args);
  await attemptsOf(await askAll(['demo_echo']));
  const statuses = await Promise.all(slow.map(async (call_) => (await read(mesh(), call_.id)).status));
  expect(statuses).not.toContain('completed');
  first.open();
  expect(mostAtOnce(await attemptsOf(slow))).toBe(1);
  await limit({ per_tool: {} });
  const free = await askAll(['door_read', 'door_read'], second.args);
  expect(mostAtOnce(await runTogether(free, second))).toBe(2);
});

proves('dispatch.limits', 'of a workspace, over all its tools', async () => {
  await limit({ max: 2 });
  const calls = await askAll(['demo_sleep', 'demo_echo', 'demo_sleep', 'demo_echo'], { seconds: 0.2 });
  expect(mostAtOnce(await attemptsOf(calls))).toBeLessThanOrEqual(2);
  await limit({ max: null });
});
