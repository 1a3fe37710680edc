import { createJoinKey, type InputOf } from '@xem/protocol';
import { z } from 'zod';

const Minted = z.looseObject({ value: z.string() });

interface MintOptions {
  readonly routerUrl: string;
  readonly apiKey: string;
  readonly signal: AbortSignal;
  readonly body: InputOf<typeof createJoinKey>;
}

/** Mints a join key as anybody would, over HTTP. @throws Error with the router's answer when it refuses */
export async function mintJoinKey({ routerUrl, apiKey, signal, body }: MintOptions): Promise<string> {
  const answer = await fetch(`${routerUrl}/v1${createJoinKey.path}`, {
    method: createJoinKey.method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the router minted no join key: ${answer.status} ${text}`);
  return Minted.parse(JSON.parse(text)).value;
}
