import { settleRestored } from '@xem/domain';
import { report } from '@xem/domain/testing';
import { ExecutionId, PROTOCOL_VERSION, sha256Hex, type AttemptKey } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inMeshWorld, type MeshWorld } from '../testing/mesh-world.ts';

const v = { v: PROTOCOL_VERSION } as const;
const OUTPUT = Buffer.from('what nobody asked for');
const STDOUT = { bytes: OUTPUT.length, sha256: sha256Hex(OUTPUT), truncated: false, masked: 0 };

const heard = ({ agent }: MeshWorld, wanted: string): number =>
  agent.heard().filter(({ kind }) => kind === wanted).length;

const entries = ({ store, operator }: MeshWorld, type: string) =>
  store.read.journal.list(operator.projectId, { types: [type] }, { limit: 10 });

/** The agent comes back with an attempt that this store knows nothing of. */
async function withStray(run: (world: MeshWorld, stray: AttemptKey) => Promise<void>): Promise<void> {
  await inMeshWorld(async (world) => {
    const { agent, operator, services, until } = world;
    await settleRestored(services, { projectId: operator.projectId, madeAt: 0 });
    const stray = { execution_id: ExecutionId.parse(services.ids.uuid()), attempt: 1 };
    agent.comeBackWith([{ ...stray, state: 'running' }]);
    await until(() => agent.welcomes().length === 2);
    await run(world, stray);
  });
}

test('onStray takes output and end of what the store knows nothing of, and keeps what it was told', () =>
  withStray(async (world, stray) => {
    const { agent, until } = world;
    expect(agent.welcomes()[1]?.welcome).toMatchObject({ abort: [stray], settled: [] });
    agent.link.send({
      kind: 'output',
      body: { ...v, ...stray, stream: 'stdout', offset: 0 },
      payload: OUTPUT,
    });
    await until(() => heard(world, 'credit') === 1);
    const result = { kind: 'result', body: { ...v, ...stray, ...report({ stdout: STDOUT }) } } as const;
    agent.link.send(result);
    await until(() => heard(world, 'result_ack') === 1);
    agent.link.send(result);
    await until(() => heard(world, 'result_ack') === 2);
    expect(await entries(world, 'execution.evidence')).toMatchObject([
      {
        subject: { type: 'execution', id: stray.execution_id },
        actor: { kind: 'agent', id: agent.agentId },
        data: { known: false, status: 'completed', exit_code: 0, stdout: { bytes: OUTPUT.length } },
      },
    ]);
    expect(await entries(world, 'agent.protocol_violation')).toEqual([]);
  }));

test('onStray stops what is accepted only now', () =>
  withStray(async ({ agent, until }, stray) => {
    agent.accept(stray);
    await until(() => agent.cancels().length === 1);
    expect(agent.cancels()).toEqual([stray]);
  }));

const badFrames = ({ agent, mesh }: MeshWorld): number => {
  const session = mesh.sessionOf(agent.agentId);
  return (session && mesh.stats(session.name)?.badFrames) ?? 0;
};

test('onStray pardons only what the hello listed', () =>
  withStray(async (world, stray) => {
    const { agent, services, until } = world;
    agent.end({ ...stray, execution_id: ExecutionId.parse(services.ids.uuid()) });
    await until(() => badFrames(world) === 1);
    expect(heard(world, 'result_ack')).toBe(0);
  }));

test('onStray pardons nothing in a later session whose hello does not list it', () =>
  withStray(async (world, stray) => {
    const { agent, until } = world;
    agent.comeBackWith([]);
    await until(() => agent.welcomes().length === 3);
    agent.end(stray);
    await until(() => badFrames(world) === 1);
    expect(heard(world, 'result_ack')).toBe(0);
  }));
