import { AgentId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { systemContext } from '../context.ts';
import { cancel } from '../invocation/cancel.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import {
  agentOf,
  askFor,
  attemptOf,
  attemptRow,
  end,
  inWorld,
  report,
  rowOf,
  servingAgent,
  start,
  storyOf,
  TOOLS,
} from '../testing/index.ts';
import { ForeignAttemptError } from './attempt.ts';
import { settle } from './settle.ts';

test('execution.settle completes a run and its invocation in one transaction', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await end(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'completed',
      deadlineAt: null,
      result: { exitCode: 0 },
    });
    expect(await attemptRow(world, attemptOf(asked))).toMatchObject({ status: 'completed', evidence: false });
    expect((await storyOf(world, asked)).slice(3)).toEqual([
      'invocation.started',
      'execution.ended',
      'invocation.completed',
    ]);
  }));

test('execution.settle keeps what the tool says its standard output is', () =>
  inWorld(async (world) => {
    const [echo] = TOOLS;
    const output = { media_type: 'application/json', max_bytes: 1024 };
    await servingAgent(world, { tools: echo ? [{ ...echo, output }] : [] });
    const asked = await askFor(world, 'demo_echo');
    await end(world, asked);
    expect(await attemptRow(world, attemptOf(asked))).toMatchObject({
      stdout: { media_type: 'application/json' },
      stderr: { media_type: 'application/octet-stream' },
    });
  }));

test('execution.settle changes nothing the second time', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await end(world, asked);
    const story = await storyOf(world, asked);
    await end(world, asked, { status: 'failed', exit_code: 1 });
    expect(await storyOf(world, asked)).toEqual(story);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'completed' });
  }));

test('execution.settle takes a result whose accept was lost on the way', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await end(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'completed' });
    expect(await storyOf(world, asked)).toContain('invocation.started');
  }));

test.each([
  { reported: { status: 'failed', exit_code: 3 }, status: 'failed', code: 'tool_exit_nonzero' },
  {
    reported: { status: 'timeout', ended_by: 'timeout', exit_code: null },
    status: 'timeout',
    code: 'tool_timeout',
  },
  { reported: { status: 'lost', ended_by: 'unknown' }, status: 'failed', code: 'tool_killed' },
  {
    reported: {
      status: 'failed',
      ended_by: 'limit',
      error: { code: 'output_limit_exceeded', message: 'too much' },
    },
    status: 'failed',
    code: 'output_limit_exceeded',
  },
] as const)(
  'execution.settle ends a call that was reported $reported.status as $status ($code)',
  ({ reported, status, code }) =>
    inWorld(async (world) => {
      await servingAgent(world);
      const asked = await askFor(world, 'demo_echo');
      await start(world, asked);
      await end(world, asked, reported);
      expect(await rowOf(world, asked)).toMatchObject({ status, error: { code } });
    }),
);

test('execution.settle confirms a cancel only when the agent ended the run for it', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const [stopped, finished] = [await askFor(world, 'demo_echo'), await askFor(world, 'demo_echo')];
    for (const asked of [stopped, finished]) {
      await start(world, asked);
      await cancel(world.service, { id: asked.id });
    }
    await end(world, stopped, { status: 'cancelled', ended_by: 'cancel', signal: 'SIGTERM' });
    await end(world, finished);
    expect(await rowOf(world, stopped)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    expect(await rowOf(world, finished)).toMatchObject({ status: 'completed', error: null });
  }));

test('execution.settle names the processes that outlived SIGKILL', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await cancel(world.service, { id: asked.id });
    await end(world, asked, { status: 'cancelled', ended_by: 'cancel', survivors: [4711] });
    const row = await rowOf(world, asked);
    expect(row).toMatchObject({ status: 'cancelled', error: { code: 'cancel_unconfirmed' } });
    expect(row.error?.message).toContain('4711');
  }));

test('execution.settle says that a cancel is unconfirmed where the agent cannot know', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await cancel(world.service, { id: asked.id });
    const error = { code: 'cancel_unconfirmed', message: 'the server had the request' };
    await end(world, asked, { status: 'cancelled', ended_by: 'cancel', error });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'cancelled', error });
  }));

test('execution.settle keeps a result that comes too late as evidence, and moves nothing', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    await world.clock.advance(100_000);
    await settleDeadline(systemContext(world.services, world.operator.projectId), asked.id);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'timeout', error: { code: 'tool_timeout' } });
    await end(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'timeout' });
    expect(await attemptRow(world, attemptOf(asked))).toMatchObject({
      status: 'timeout',
      evidence: true,
      exitCode: 0,
    });
    expect((await storyOf(world, asked)).at(-1)).toBe('execution.evidence');
  }));

test.each([
  { what: 'an execution of another agent', change: { agentId: AgentId.parse(`agt_${'0'.repeat(24)}`) } },
  { what: 'an attempt that is not the execution’s', change: { attempt: 2 } },
])('execution.settle refuses $what', ({ change }) =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    const stored = { stdout: { bytes: 0, sha256: '' }, stderr: { bytes: 0, sha256: '' } };
    const settlement = { ...attemptOf(asked), report: report(), stored, ...change };
    await expect(settle(agentOf(world, attemptOf(asked)), settlement)).rejects.toBeInstanceOf(
      ForeignAttemptError,
    );
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued' });
  }),
);
