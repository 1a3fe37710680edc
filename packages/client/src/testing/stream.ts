import type { ServerResponse } from 'node:http';

/** Opens a stream of events. */
export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
}

/** Sends one event; without data only the position moves. */
export function sendEvent(
  response: ServerResponse,
  { event, id, data }: { readonly event?: string; readonly id?: string; readonly data?: unknown },
): void {
  const lines = [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(data === undefined ? [] : [`data: ${JSON.stringify(data)}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
  ];
  response.write(`${lines.join('\n')}\n\n`);
}
