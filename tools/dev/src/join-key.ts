import { createClient, ROUTES } from '@xem/client';
import type { Clock } from '@xem/runtime';

interface MintOptions {
  readonly clock: Clock;
  readonly routerUrl: string;
  readonly apiKey: string;
  readonly signal: AbortSignal;
  readonly name: string;
  readonly workspaceId: string;
}

/** Mints a join key for one agent as anybody would, over HTTP. @throws ClientError when the router refuses */
export async function mintJoinKey(options: MintOptions): Promise<string> {
  const { clock, routerUrl, apiKey, signal, name, workspaceId } = options;
  const client = createClient({ baseUrl: routerUrl, apiKey, surface: 'rest', clock });
  const input = { name, workspaces: [workspaceId] };
  const { data } = await client.call(ROUTES['join_key.create'], input, { signal });
  if (data.value === undefined) throw new Error('the router minted a join key and kept its value');
  return data.value;
}
