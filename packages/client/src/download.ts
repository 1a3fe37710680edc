import { errorOfResponse } from './answer.ts';
import type { WireRequest } from './request.ts';
import { broken, send, type Fetch } from './wire.ts';

/** Sends a request and gives the bytes of its answer as they come. @throws ClientError, also when they end too early */
export async function* readDownload(
  { fetch: fetching = fetch }: { readonly fetch?: Fetch | undefined },
  request: WireRequest,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<Uint8Array, void, void> {
  const response = await send(fetching, request, signal);
  if (!response.ok) throw await errorOfResponse(response);
  try {
    for await (const bytes of response.body ?? []) yield bytes;
  } catch (error) {
    throw broken(request.url, error, signal);
  }
}
