import type { AgentConnectivity, getAgentConnectivity, ParsedInputOf } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { VerbContext } from '../context.ts';
import type { ConnectionError } from '../fleet/connections.ts';
import { loadAgent } from './load.ts';

const presentError = (error: ConnectionError | null): AgentConnectivity['last_error'] =>
  error && { code: error.code, message: error.message, at: toTimestamp(error.at) };

/** Reads how an agent is connected now. @throws ExecError agent_not_found */
export async function connectivity(
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof getAgentConnectivity>,
): Promise<AgentConnectivity> {
  const { connections, fleet, clock } = ctx;
  const agent = await loadAgent(ctx, ctx.store.read.agents, id);
  const live = fleet.find(agent.id);
  const session = live?.session ?? null;
  const stats = session === null ? null : connections.stats(session);
  return {
    object: 'agent_connectivity',
    agent_id: agent.id,
    state: session === null ? 'disconnected' : 'connected',
    session,
    epoch: agent.epoch,
    connected_at: stats && toTimestamp(stats.connectedAt),
    lease_age_ms: live && Math.max(0, Math.round(clock.monotonic() - live.lastRenewalAt)),
    round_trip_ms: live?.roundTripMs ?? null,
    reconnects: Math.max(0, agent.epoch - 1),
    bytes_in: stats?.bytesIn ?? 0,
    bytes_out: stats?.bytesOut ?? 0,
    bad_frames: stats?.badFrames ?? 0,
    last_error: presentError(connections.lastErrorOf(agent.id)),
  };
}
