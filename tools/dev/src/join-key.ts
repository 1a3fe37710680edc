import { createClient, ROUTES, type Input } from '@xem/client';
import type { Clock } from '@xem/runtime';

interface MintOptions {
  readonly clock: Clock;
  readonly routerUrl: string;
  readonly apiKey: string;
  readonly signal: AbortSignal;
  readonly body: Input<'join_key.create'>;
}

/** Mints a join key for one agent as anybody would, over HTTP. @throws ClientError when the router refuses */
export async function mintJoinKey(options: MintOptions): Promise<string> {
  const { clock, routerUrl, apiKey, signal, body } = options;
  const client = createClient({ baseUrl: routerUrl, apiKey, surface: 'rest', clock });
  const { data } = await client.call(ROUTES['join_key.create'], body, { signal });
  if (data.value === undefined) throw new Error('the router minted a join key and kept its value');
  return data.value;
}
