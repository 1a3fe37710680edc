import { askFor, report, rowOf } from '@xem/domain/testing';
import { PROTOCOL_VERSION, sha256Hex, type AttemptKey } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inMeshWorld, keyOfCall, type MeshWorld } from '../testing/mesh-world.ts';

const OUTPUT = Buffer.from('what the tool wrote');
const stream = (bytes: number, text: string | Buffer = OUTPUT) => ({
  bytes,
  sha256: sha256Hex(text),
  truncated: false,
  masked: 0,
});

/** A run that wrote something, and the result its agent tells of it. */
async function runAndReport(world: MeshWorld, stdout: ReturnType<typeof stream>) {
  const { agent, until } = world;
  const asked = await askFor(world, 'demo_echo');
  const key: AttemptKey = keyOfCall(asked);
  await until(() => agent.orders().length > 0);
  agent.accept(key);
  const v = { v: PROTOCOL_VERSION } as const;
  agent.link.send({ kind: 'output', body: { ...v, ...key, stream: 'stdout', offset: 0 }, payload: OUTPUT });
  agent.link.send({ kind: 'result', body: { ...v, ...key, ...report({ stdout }) } });
  return asked;
}

const isAcknowledged = ({ agent }: MeshWorld) => agent.heard().some(({ kind }) => kind === 'result_ack');

test('onResult settles a call whose output is all there', () =>
  inMeshWorld(async (world) => {
    const asked = await runAndReport(world, stream(OUTPUT.length));
    await world.until(() => isAcknowledged(world));
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'completed',
      result: { stdoutBytes: OUTPUT.length },
    });
  }));

test('onResult ends the session of a result that tells of more output than came', () =>
  inMeshWorld(async (world) => {
    const asked = await runAndReport(world, stream(OUTPUT.length + 1));
    await world.until(() => world.agent.losses().length > 0);
    expect(world.agent.losses()[0]).toMatchObject({ code: 'output_missing', welcomed: true });
    expect(isAcknowledged(world)).toBe(false);
    expect((await rowOf(world, asked)).status).not.toBe('completed');
  }));

test('onResult journals that output is other than its agent says, and keeps what came', () =>
  inMeshWorld(async (world) => {
    const asked = await runAndReport(world, stream(OUTPUT.length, 'something else'));
    await world.until(() => isAcknowledged(world));
    expect((await rowOf(world, asked)).status).toBe('completed');
    await world.clock.advance(10);
    const { journal, executions } = world.store.read;
    const types = ['agent.protocol_violation'];
    const [told] = await journal.list(world.operator.projectId, { types }, { limit: 1 });
    expect(told?.data).toMatchObject({ reason: 'output is other than the hash of its result says' });
    const execution = await executions.find(keyOfCall(asked).execution_id);
    expect(execution?.stdout?.sha256).toBe(sha256Hex(OUTPUT));
  }));
