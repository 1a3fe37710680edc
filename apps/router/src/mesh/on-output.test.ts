import { createOutputLimits, createOutputWindow } from '@xem/domain';
import { askFor, rowOf } from '@xem/domain/testing';
import type { RouterMesh } from '@xem/mesh';
import { CREDIT_WINDOW_BYTES, PROTOCOL_VERSION } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inMeshWorld, keyOfCall } from '../testing/mesh-world.ts';
import { createErrands } from '../errands.ts';
import { onOutput } from './on-output.ts';

const refuse = (_name: string, why: unknown): never => {
  throw new Error('the agent was refused', { cause: why });
};

test('onOutput has room for what an agent sends upon its credit, however fast that comes', () =>
  inMeshWorld(async (world) => {
    const { agent, services, until } = world;
    const key = keyOfCall(await askFor(world, 'demo_echo'));
    await until(() => agent.orders().length > 0);
    agent.accept(key);
    const session = { name: 'one', agentId: agent.agentId, epoch: 1, curveKey: agent.curve.publicKey };
    const outputWindow = createOutputWindow();
    const piece = { session: session.name, executionId: key.execution_id, bytes: CREDIT_WINDOW_BYTES };
    const admitted: boolean[] = [];
    const errands = createErrands(services.log);
    const mesh: Pick<RouterMesh, 'blame' | 'close' | 'send'> = {
      blame: refuse,
      close: refuse,
      send: () => {
        admitted.push(outputWindow.take(piece));
        return 'queued';
      },
    };
    outputWindow.take(piece);
    const body = { v: PROTOCOL_VERSION, ...key, stream: 'stdout', offset: 0 } as const;
    const payload = new Uint8Array(CREDIT_WINDOW_BYTES);
    const outputLimits = createOutputLimits();
    await onOutput({ services, outputWindow, outputLimits, errands, mesh }, session, { body, payload });
    await errands.drained();
    expect(admitted).toEqual([true]);
  }));

test('onOutput fails a call whose agent sends more than its tool may have, and tells it to stop', () =>
  inMeshWorld(async (world) => {
    const { agent, services, until, clock } = world;
    const asked = await askFor(world, 'demo_echo');
    const key = keyOfCall(asked);
    await until(() => agent.orders().length > 0);
    const body = { v: PROTOCOL_VERSION, ...key, stream: 'stdout', offset: 64 * 1024 * 1024 } as const;
    agent.link.send({ kind: 'output', body, payload: new Uint8Array(10) });
    await until(() => agent.cancels().length > 0);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'failed',
      error: { code: 'output_limit_exceeded' },
    });
    await clock.advance(10);
    expect(services.fleet.find(agent.agentId)?.inFlight.size).toBe(0);
    agent.end(key);
    await until(() => agent.heard().some(({ kind }) => kind === 'result_ack'));
    expect(await services.store.read.executions.find(key.execution_id)).toMatchObject({
      status: 'failed',
      evidence: true,
    });
  }));
