import { Workspace, type Execution, type Invocation } from '@xem/protocol';
import { expect } from 'vitest';
import { call } from '../mesh/api.ts';
import { effectsOf } from '../mesh/effects.ts';
import { ask, decide, execution, settled } from '../mesh/invoke.ts';
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
    const reads = await askAll(['demo_sleep'], { seconds: 1 });
    await approveAll(calls);
    const destructive = await attemptsOf(calls);
    expect(mostAtOnce(destructive)).toBe(1);
    expect(calls.map(({ id }) => effectsOf(mesh(), id).length)).toEqual(calls.map(() => 1));
    const [read] = await attemptsOf(reads);
    const besides = destructive.filter((attempt) => read && mostAtOnce([attempt, read]) === 2);
    expect(besides.length).toBeGreaterThan(0);
  },
);

proves(
  'dispatch.exclusive',
  'a workspace that does without the lock lets them run side by side',
  async () => {
    expect((await limit({ exclusive_destructive: false })).concurrency.exclusive_destructive).toBe(false);
    const calls = await askAll(Array.from({ length: 6 }, () => 'demo_effect'));
    await approveAll(calls);
    expect(mostAtOnce(await attemptsOf(calls))).toBeGreaterThan(1);
    await limit({ exclusive_destructive: true });
  },
);

proves('dispatch.limits', 'of a tool, while others pass it, and none once it is lifted', async () => {
  const id = mesh().facts.workspace_id;
  const words = ['workspaces', 'update', id, '--tool-limit', 'demo_sleep=1', '--output', 'json'];
  const printed = await xeroctl(mesh(), words);
  expect(printed.code, printed.stderr).toBe(0);
  expect(Workspace.parse(JSON.parse(printed.stdout.toString())).concurrency.per_tool).toEqual({
    demo_sleep: 1,
  });
  const slow = await askAll(['demo_sleep', 'demo_sleep', 'demo_sleep'], { seconds: 0.3 });
  const [quick] = await attemptsOf(await askAll(['demo_echo']));
  const limited = await attemptsOf(slow);
  expect(mostAtOnce(limited)).toBe(1);
  const lastEnd = Math.max(...limited.map((attempt) => spanOf(attempt).to));
  expect(quick && spanOf(quick).to).toBeLessThan(lastEnd);
  await limit({ per_tool: {} });
  const free = await askAll(['demo_sleep', 'demo_sleep'], { seconds: 0.3 });
  expect(mostAtOnce(await attemptsOf(free))).toBe(2);
});

proves('dispatch.limits', 'of a workspace, over all its tools', async () => {
  await limit({ max: 2 });
  const calls = await askAll(['demo_sleep', 'demo_echo', 'demo_sleep', 'demo_echo'], { seconds: 0.2 });
  expect(mostAtOnce(await attemptsOf(calls))).toBeLessThanOrEqual(2);
  await limit({ max: null });
});
