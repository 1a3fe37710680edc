import { internalOperation, systemContext, type Services } from '../context.ts';
import { mutate } from '../mutate.ts';
import { dropRotation, isRotationOverdue } from './rotation.ts';

const dropOverdue = internalOperation('agent.drop_rotation');

/** Gives up every change of keys whose time is over: a key that was admitted and never used leaves the list. */
export async function dropRotations(services: Pick<Services, 'store' | 'clock' | 'ids'>): Promise<void> {
  const { store, clock } = services;
  for (const { id, projectId } of await store.read.agents.rotating()) {
    await mutate<void>(systemContext(services, projectId), dropOverdue, async (tx) => {
      const current = await tx.agents.find(id);
      if (!current?.rotation || !isRotationOverdue(current.rotation, clock.now()))
        return { result: undefined, facts: [] };
      const { agent, facts } = dropRotation(current, 'not finished in time');
      await tx.agents.save(agent);
      return { result: undefined, facts };
    });
  }
}
