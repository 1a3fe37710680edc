import { Agent, request } from 'node:http';
import type { Clock } from '@xem/runtime';
import type { BenchMesh } from './mesh.ts';

/** How the mesh did under some number of clients at once. */
export interface Measure {
  readonly clients: number;
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Load {
  readonly mesh: Pick<BenchMesh, 'router_url' | 'workspace_id'> & {
    readonly keys: { readonly service: string };
  };
  readonly clock: Clock;
  readonly clients: number;
  readonly calls: number;
  readonly tool: string;
}

/** One governed call from its request to its end; answers the status of the invocation. */
function callOnce({ mesh, tool }: Load, agent: Agent): Promise<string> {
  const body = JSON.stringify({ workspace_id: mesh.workspace_id, tool, args: { n: 1 } });
  const headers = {
    authorization: `Bearer ${mesh.keys.service}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    prefer: 'wait=30',
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${mesh.router_url}/v1/exec/invocations`,
      { method: 'POST', agent, headers },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => resolve(statusOf(Buffer.concat(pieces).toString('utf8'))));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const statusOf = (text: string): string => /"status":"(\w+)"/.exec(text)?.[1] ?? text;

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Sends calls of a no-op tool from a number of clients, each with one connection and one call at a time. */
export async function measure(load: Load): Promise<Measure> {
  const { clock, clients, calls } = load;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let left = calls;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startedAt = clock.monotonic();
      const status = await callOnce(load, agent);
      if (status !== 'completed') throw new Error(`a call of the benchmark ended ${status}`);
      times.push(clock.monotonic() - startedAt);
    }
  };
  const startedAt = clock.monotonic();
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (clock.monotonic() - startedAt) / 1000;
  agent.destroy();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    clients,
    calls,
    callsPerSecond: calls / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}
