import { ROUTES, type Client } from '@xem/client';
import type { Kind } from './kind.ts';

/** Reads the values there are of one kind, newest first. */
type Reader = (client: Client) => Promise<readonly string[]>;

const LIMIT = 50;
/** A shell waits for this; nobody completes over a slow line. */
const TIMEOUT_MS = 1500;

const patience = { timeoutMs: TIMEOUT_MS };
const page = { limit: LIMIT };

const idsOf = ({
  data,
}: {
  readonly data: { readonly data: readonly { readonly id: string }[] };
}): string[] => data.data.map(({ id }) => id);

const tools: Reader = async (client) => {
  const { data } = await client.call(ROUTES['tool.list'], { limit: 100 }, patience);
  return [...new Set(data.data.map(({ name }) => name))];
};

const READERS: Readonly<Record<Kind, Reader>> = {
  tool: tools,
  workspace: async (client) => idsOf(await client.call(ROUTES['workspace.list'], page, patience)),
  agent: async (client) => idsOf(await client.call(ROUTES['agent.list'], page, patience)),
  invocation: async (client) => idsOf(await client.call(ROUTES['invocation.list'], page, patience)),
  execution: async (client) => idsOf(await client.call(ROUTES['execution.list'], page, patience)),
  approval: async (client) =>
    idsOf(await client.call(ROUTES['approval.list'], { ...page, status: 'pending' }, patience)),
  'join-key': async (client) => idsOf(await client.call(ROUTES['join_key.list'], page, patience)),
  key: async (client) => idsOf(await client.call(ROUTES['api_key.list'], page, patience)),
  policy: async (client) => idsOf(await client.call(ROUTES['policy.list'], page, patience)),
  webhook: async (client) => idsOf(await client.call(ROUTES['webhook.list'], page, patience)),
  principal: async (client) => idsOf(await client.call(ROUTES['principal.list'], page, patience)),
};

/** Reads the values of a kind. @throws ClientError */
export const readValues = (client: Client, kind: Kind): Promise<readonly string[]> => READERS[kind](client);
