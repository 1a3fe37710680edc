import type { Agent, getAgent, ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { loadAgent } from './load.ts';
import { presentAgent } from './present.ts';

/** Reads an agent. @throws ExecError agent_not_found */
export const get = async (ctx: VerbContext, { id }: ParsedInputOf<typeof getAgent>): Promise<Agent> =>
  presentAgent(ctx, await loadAgent(ctx, ctx.store.read.agents, id));
