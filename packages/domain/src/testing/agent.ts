import { generateCurvePair, signerFromSeed } from '@xem/mesh';
import {
  createJoinKey,
  hashJson,
  type AgentId,
  type EnrollBody,
  type HelloBody,
  type InputOf,
  type Manifest,
  type ToolDefinition,
} from '@xem/protocol';
import type { z } from 'zod';
import { welcome, type Welcomed } from '../agent/welcome.ts';
import type { Services, VerbContext } from '../context.ts';
import { enroll } from '../enrollment/enroll.ts';
import { create as createKey } from '../join-key/create.ts';
import type { TestWorld } from './world.ts';

const HOST: EnrollBody['host'] = {
  os: 'linux',
  arch: 'x64',
  kernel: '6.1.0',
  hostname: 'test',
  node_version: '24.0.0',
  agent_version: '0.1.0',
  providers: ['command', 'builtin'],
  sandbox: [],
  limits: { max_concurrent_executions: 4, memory_bytes: null, cpus: 2 },
};

/** A tool definition; what is not given is harmless. */
export const testTool = (given: Partial<ToolDefinition> = {}): ToolDefinition => ({
  name: 'demo_echo',
  description: 'Prints its arguments',
  risk: 'read',
  domain: 'general',
  parameters: { type: 'object' },
  timeout_ms: 60_000,
  idempotent: false,
  mcp: { visible: true },
  output: { media_type: 'application/octet-stream', max_bytes: 16 * 1024 * 1024 },
  ...given,
});

/** A host that has keys of its own and may ask to enrol. */
export interface TestHost {
  readonly name: string;
  readonly curveKey: string;
  request(joinKey: string, manifest: unknown): EnrollBody;
  hello(agentId: AgentId, manifestHash: string): HelloBody;
}

/** A host with fresh keys. Signatures are not made: the mesh checks them before the domain is asked. */
export function testHost({ ids }: Pick<Services, 'ids'>, name = 'xem-test'): TestHost {
  const keys = {
    curve_public_key: generateCurvePair(ids).publicKey,
    signing_public_key: signerFromSeed(ids.bytes(32)).publicKey,
  };
  const said = { v: 1, agent_version: '0.1.0', host: HOST, sig: new Uint8Array(64) } as const;
  const journalId = ids.hex();
  return {
    name,
    curveKey: keys.curve_public_key,
    request: (joinKey, manifest) => ({
      ...said,
      ...keys,
      join_key: joinKey,
      registration_name: name,
      manifest,
    }),
    hello: (agentId, manifestHash) => ({
      ...said,
      agent_id: agentId,
      journal_id: journalId,
      manifest_version: 1,
      manifest_hash: manifestHash,
      unacknowledged: [],
    }),
  };
}

/** What a test agent comes with. */
export interface TestAgentOptions {
  /** Whose join key it is; the operator's unless said. */
  readonly owner?: VerbContext;
  readonly name?: string;
  readonly tools?: readonly ToolDefinition[];
  readonly workspaces?: readonly Manifest['workspaces'][number]['id'][];
  /** What its join key says otherwise. */
  readonly key?: InputOf<typeof createJoinKey>;
}

/** Mints a join key as a human does; answers its value. */
export async function testJoinKey(
  ctx: VerbContext,
  draft: InputOf<typeof createJoinKey> = {},
): Promise<string> {
  const parsed: z.output<typeof createJoinKey.input> = createJoinKey.input.parse(draft);
  const { value } = await createKey(ctx, parsed);
  if (value === undefined) throw new Error('the join key came without its value');
  return value;
}

/** Enrols an agent, lets it say hello and brings it into the fleet. */
export async function onlineAgent(
  { services, operator }: TestWorld,
  {
    owner = operator,
    name = 'xem-test',
    tools = [testTool()],
    workspaces = [],
    key = {},
  }: TestAgentOptions = {},
): Promise<Welcomed & { readonly host: TestHost }> {
  const host = testHost(services, name);
  const manifest = { manifest_version: 1, workspaces: workspaces.map((id) => ({ id })), tools };
  const joinKey = await testJoinKey(owner, { workspaces: [...workspaces], ...key });
  const sourceAddress = '127.0.0.1';
  const { answer } = await enroll(services, { body: host.request(joinKey, manifest), sourceAddress });
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`);
  const hello = host.hello(answer.agent_id, hashJson(manifest));
  return { ...(await greet(services, { hello, sourceAddress })), host };
}

interface Greeting {
  readonly hello: HelloBody;
  /** The agent's own unless said. */
  readonly curveKey?: string;
  readonly sourceAddress?: string;
}

/** Lets an agent say hello, and brings it into the fleet. */
export async function greet(
  services: Services,
  { hello, curveKey, sourceAddress = '127.0.0.1' }: Greeting,
): Promise<Welcomed> {
  const session = services.ids.hex();
  const known = await services.store.read.agents.find(hello.agent_id);
  const welcomed = await welcome(services, {
    session,
    agentId: hello.agent_id,
    curveKey: curveKey ?? known?.curveKey ?? '',
    hello,
    sourceAddress,
  });
  services.fleet.arrive(welcomed.arrival);
  return welcomed;
}
