import type { AgentLink } from '@xem/mesh';
import { PROTOCOL_VERSION, ToolDefinition, WorkOrder } from '@xem/protocol';
import {
  dialAs,
  enrolAs,
  letIn,
  makeIntruder,
  mintJoinKey,
  until,
  type Insider,
} from '../hostile/intruder.ts';
import { create } from '../load/caller.ts';
import type { World } from '../scenario/world.ts';
import { operate } from './operate.ts';

/** A guest opens a session, and leaves however its visit goes. */
async function visit(
  world: World,
  insider: Insider,
  stay: (link: AgentLink) => Promise<void>,
): Promise<void> {
  const link = dialAs(world, insider);
  try {
    await until(world, 'the session of a guest', () => link.state() === 'open');
    await stay(link);
  } finally {
    await link.close();
  }
}

/** An agent that comes and is put out for good. */
export const putOut =
  (operation: 'agent.evict' | 'agent.ban') =>
  async (world: World): Promise<void> => {
    const { agentId } = await letIn(world);
    await operate(world.load.callers[0], operation, { id: agentId });
  };

/** Another agent under the name of one: with a key that was made for that. */
async function second(world: World, { who }: Insider, terms: object): Promise<Insider> {
  const joinKey = await mintJoinKey(world, { name: who.name, ...terms });
  const other = { ...makeIntruder(world), name: who.name };
  const answer = await enrolAs(world, other, { joinKey });
  if (!answer.ok) throw new Error(`a second holder of a name was refused: ${answer.code}`);
  return { who: other, joinKey, agentId: answer.agent_id };
}

/** One agent takes the place of another. */
export const replace = async (world: World): Promise<void> =>
  void (await second(world, await letIn(world), { replace: true }));

/** Two agents are there under one name, and a person decides. */
export const clash = async (world: World): Promise<void> => {
  const first = await letIn(world);
  const other = await second(world, first, {});
  await visit(world, first, () =>
    visit(world, other, async () => {
      await operate(world.load.callers[0], 'agent.resolve_conflict', {
        id: first.agentId,
        keep: 'incumbent',
      });
    }),
  );
};

/** An agent is put out while its key is being changed. */
export const dropRotation = async (world: World): Promise<void> => {
  const guest = await letIn(world);
  await visit(world, guest, async () => {
    const [me] = world.load.callers;
    await operate(me, 'agent.curve_rotate', { id: guest.agentId });
    await operate(me, 'agent.evict', { id: guest.agentId });
  });
};

const REFUSED_MS = 500;

/** An agent that does not take the order it is given. */
export const refuse = async (world: World): Promise<void> => {
  const { chance, load, mesh } = world;
  const name = `decoy_${chance.bytes(6).toString('hex')}`;
  const tool = ToolDefinition.parse({
    name,
    description: 'Never runs.',
    risk: 'read',
    parameters: { type: 'object' },
  });
  const guest = await letIn(world, makeIntruder(world, [tool]));
  const link = dialAs(world, guest, {
    onFrame: (frame) => {
      if (frame.kind !== 'dispatch') return;
      const order = WorkOrder.parse(JSON.parse(Buffer.from(frame.body.order).toString()));
      const { execution_id, attempt } = order;
      const body = {
        v: PROTOCOL_VERSION,
        execution_id,
        attempt,
        reason: 'digest',
        message: 'not me',
      } as const;
      link.send({ kind: 'refuse', body });
    },
  });
  try {
    await until(world, 'the session of a guest', () => link.state() === 'open');
    const idempotencyKey = chance.bytes(12).toString('hex');
    await create(load.callers[0], { tool: name, args: {}, idempotencyKey });
    await mesh.clock.sleep(REFUSED_MS);
  } finally {
    await link.close();
  }
};
