import { ExecutionId, WorkspaceId, type Risk } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createOccupancy, type Occupancy } from './occupancy.ts';
import type { Occupant } from './room.ts';

const HERE = WorkspaceId.parse('ws_00000001');
const THERE = WorkspaceId.parse('ws_00000002');
const FREE = { max: null, perTool: {}, exclusiveDestructive: true };

const executionId = (nth: number): ExecutionId =>
  ExecutionId.parse(`00000000-0000-7000-8000-${String(nth).padStart(12, '0')}`);
const callOf = (risk: Risk, tool = `demo_${risk}`, workspaceId = HERE): Occupant => ({
  workspaceId,
  tool,
  risk,
});

/** Takes places one after another; answers which were given. */
function takes(occupancy: Occupancy, calls: readonly Occupant[], newcomer = false): readonly boolean[] {
  return calls.map((call, nth) => occupancy.take({ ...call, executionId: executionId(nth), newcomer }));
}

test('occupancy.take lets one destructive or irreversible call into a workspace, and every other beside it', () => {
  const occupancy = createOccupancy();
  const calls = [
    callOf('destructive'),
    callOf('irreversible'),
    callOf('read'),
    callOf('write'),
    callOf('destructive', 'demo_destructive', THERE),
  ];
  expect(takes(occupancy, calls)).toEqual([true, false, true, true, true]);
  occupancy.release(executionId(0));
  expect(occupancy.admits(callOf('irreversible'))).toBe(true);
});

test('occupancy.take lets destructive calls run side by side where the lock is off', () => {
  const occupancy = createOccupancy();
  occupancy.limit(HERE, { ...FREE, exclusiveDestructive: false });
  expect(takes(occupancy, [callOf('destructive'), callOf('destructive')])).toEqual([true, true]);
});

test('occupancy.take keeps to the limits of a workspace and of a tool in it', () => {
  const occupancy = createOccupancy();
  occupancy.limit(HERE, { ...FREE, max: 3, perTool: { demo_read: 2 } });
  const calls = [callOf('read'), callOf('read'), callOf('read'), callOf('write'), callOf('write')];
  expect(takes(occupancy, calls)).toEqual([true, true, false, true, false]);
  expect(occupancy.closed(HERE)).toEqual({ all: true, gated: false, tools: ['demo_read'] });
  expect(occupancy.closed(THERE)).toEqual({ all: false, gated: false, tools: [] });
});

test('occupancy.onReopened tells of what left a workspace that turned somebody away, once', () => {
  const occupancy = createOccupancy();
  const told: unknown[] = [];
  occupancy.onReopened((workspaceId, left) => told.push([workspaceId, left?.tool ?? null]));
  takes(occupancy, [callOf('destructive'), callOf('destructive')]);
  occupancy.release(executionId(0));
  occupancy.release(executionId(0));
  takes(occupancy, [callOf('destructive')]);
  occupancy.release(executionId(0));
  expect(told).toEqual([[HERE, 'demo_destructive']]);
});

test('occupancy.onReopened tells whoever asked what is closed, and of new limits', () => {
  const occupancy = createOccupancy();
  const told: unknown[] = [];
  const stop = occupancy.onReopened((workspaceId, left) => told.push([workspaceId, left]));
  takes(occupancy, [callOf('destructive')]);
  expect(occupancy.closed(HERE).gated).toBe(true);
  occupancy.limit(HERE, { ...FREE, exclusiveDestructive: false });
  expect(told).toEqual([[HERE, null]]);
  stop();
  occupancy.limit(HERE, { ...FREE, max: 1 });
  expect(occupancy.closed(HERE).all).toBe(true);
  occupancy.limit(HERE, FREE);
  expect(told).toHaveLength(1);
});

test('occupancy.take keeps what is reserved for calls that waited from newcomers', () => {
  const occupancy = createOccupancy();
  occupancy.reserve(HERE, true);
  expect(takes(occupancy, [callOf('destructive'), callOf('read')], true)).toEqual([false, true]);
  expect(takes(occupancy, [callOf('destructive')])).toEqual([true]);
});

test('occupancy.restore takes a place whatever the limits say', () => {
  const occupancy = createOccupancy();
  occupancy.limit(HERE, { ...FREE, max: 1 });
  occupancy.restore(executionId(1), callOf('destructive'));
  occupancy.restore(executionId(2), callOf('destructive'));
  occupancy.release(executionId(1));
  expect(occupancy.admits(callOf('read'))).toBe(false);
  occupancy.release(executionId(2));
  expect(occupancy.admits(callOf('destructive'))).toBe(true);
});

test('occupancy.inTurn names the workspace first that was given something longest ago', () => {
  const occupancy = createOccupancy();
  takes(occupancy, [callOf('read')]);
  expect(occupancy.inTurn([HERE, THERE])).toEqual([THERE, HERE]);
  occupancy.take({ ...callOf('read', 'demo_read', THERE), executionId: executionId(9), newcomer: false });
  expect(occupancy.inTurn([HERE, THERE])).toEqual([HERE, THERE]);
});
