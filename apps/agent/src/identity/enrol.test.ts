import { generateCurvePair, MeshUnreachable, signerFromSeed } from '@xem/mesh';
import {
  AgentId,
  AGENT_SETTINGS,
  ProjectId,
  WorkspaceId,
  type EnrolledBody,
  type Manifest,
} from '@xem/protocol';
import { readSettings } from '@xem/runtime';
import { recordingLog, seededIds, virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { testJoinKey } from '../testing/test-join-key.ts';
import { enrol } from './enrol.ts';
import { assertPublishable } from './refusal.ts';

const clock = virtualClock();
const ids = seededIds(clock, 'enrol');
const ROUTER = { curve: generateCurvePair(ids), signer: signerFromSeed(ids.bytes(32)) };
const PROJECT = ProjectId.parse(`prj_${ids.hex()}`);
const WORKSPACE = WorkspaceId.parse(`ws_${ids.hex()}`);
const JOIN_KEY = testJoinKey({
  ...ROUTER,
  projectId: PROJECT,
  workspaceId: WORKSPACE,
  enrollEndpoint: 'tcp://router:1',
});

const YES: EnrolledBody = {
  v: 1,
  ok: true,
  agent_id: AgentId.parse(`agt_${'1'.repeat(24)}`),
  project_id: PROJECT,
  data_endpoints: ['tcp://router:2'],
  router_curve_key: ROUTER.curve.publicKey,
  router_signing_key: ROUTER.signer.publicKey,
  lease_ttl_ms: 30_000,
  lease_renewal_interval_ms: 10_000,
  bindings: [],
};

const no = (code: string, change: object = {}): EnrolledBody => ({
  v: 1,
  ok: false,
  code,
  message: 'no',
  operator_action: 'Do something.',
  ...change,
});

/** An agent that asks a router which gives these answers, one after the other; null is silence. */
function asking(answers: readonly (EnrolledBody | null)[]) {
  const time = virtualClock();
  const asked: number[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const log = recordingLog();
  const env = { XEM_JOIN_KEY: JOIN_KEY, XEM_REGISTRATION_NAME: 'agent-01' };
  const outcome = enrol({
    settings: readSettings(AGENT_SETTINGS, { flags: {}, env, file: {} }),
    keys: { curve: generateCurvePair(ids), signer: signerFromSeed(ids.bytes(32)) },
    host: {
      os: 'linux',
      arch: 'x64',
      kernel: '6',
      hostname: 'host',
      node_version: '24',
      agent_version: '0.1.0',
      providers: [],
      sandbox: [],
      limits: { max_concurrent_executions: 1, memory_bytes: null, cpus: 1 },
    },
    clock: time,
    log,
    manifestFor: () => ({ manifest_version: 1, workspaces: [], tools: [] }),
    enrollOnce: async () => {
      const answer = answers[asked.length];
      asked.push(time.monotonic());
      begin();
      if (answer === undefined) throw new Error('asked once too often');
      if (answer === null) throw new MeshUnreachable('silence');
      return answer;
    },
  });
  outcome.catch(() => undefined);
  const advance = async (ms: number): Promise<void> => {
    await begun;
    await time.advance(ms);
  };
  return { outcome, advance, asked, log };
}

test('agent.enrol asks again after silence and after a no that passes, until the router decides', async () => {
  const { outcome, advance, asked, log } = asking([null, no('unavailable', { retry_after_seconds: 5 }), YES]);
  await advance(10_000);
  expect(await outcome).toMatchObject({ registration_name: 'agent-01', data_endpoints: ['tcp://router:2'] });
  expect(asked).toEqual([0, 500, 5500]);
  expect(log.lines.map(({ event }) => event)).toContain('agent.enrollment_put_off');
});

test('agent.enrol asks ever more slowly where the router says nothing of when', async () => {
  const { advance, asked } = asking([...Array.from({ length: 8 }, () => no('unavailable')), YES]);
  await advance(120_000);
  expect(asked).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500, 61_500, 91_500]);
});

test('agent.enrol does not hammer a router that asks for no pause', async () => {
  const { advance, asked } = asking([no('unavailable', { retry_after_seconds: 0 }), YES]);
  await advance(1000);
  expect(asked).toEqual([0, 500]);
});

test.each([
  'exec_manifest_invalid',
  'agent_name_in_use',
  'agent_name_conflict',
  'join_key_invalid',
  'join_key_expired',
  'join_key_exhausted',
  'join_key_revoked',
  'protocol_unsupported',
  'a_code_of_a_later_router',
])('agent.enrol takes %s for final, and says what to do', async (code) => {
  const { outcome, asked } = asking([no(code)]);
  await expect(outcome).rejects.toMatchObject({ code, message: `${code}: no\nDo something.` });
  expect(asked).toHaveLength(1);
});

test('agent.enrol says when a use that is only reserved may be free, and leaves the waiting to a person', async () => {
  const { outcome, asked } = asking([no('join_key_exhausted', { retry_after_seconds: 540 })]);
  await expect(outcome).rejects.toMatchObject({ message: expect.stringContaining('again in 540 s') });
  expect(asked).toHaveLength(1);
});

test('agent.enrol refuses a router that answers with other keys than the join key names', async () => {
  const { outcome } = asking([{ ...YES, router_signing_key: signerFromSeed(ids.bytes(32)).publicKey }]);
  await expect(outcome).rejects.toMatchObject({ code: 'router_changed' });
});

const tool = (name: string, description = 'does it'): Manifest['tools'][number] => ({
  name,
  description,
  risk: 'read',
  domain: 'general',
  parameters: { type: 'object' },
  timeout_ms: 1000,
  idempotent: false,
  mcp: { visible: false },
  output: { media_type: 'text/plain', max_bytes: 1 },
});

test.each<[string, Manifest['tools'], string, string]>([
  ['1,001 tools', Array.from({ length: 1001 }, (_, at) => tool(`t${at}`)), '/tools', 'the manifest'],
  ['a tool twice', [tool('a'), tool('a')], '/tools/1/name', 'tool a'],
  [
    'more than 512 KiB',
    Array.from({ length: 200 }, (_, at) => tool(`t${at}`, 'x'.repeat(4000))),
    'the whole of it',
    'the limit is 524288',
  ],
])(
  'agent.publish keeps %s back, with the code and the place the router would name',
  (...[, tools, place, words]) => {
    const publish = (): void => assertPublishable({ manifest_version: 1, workspaces: [], tools });
    expect(publish).toThrow(
      expect.objectContaining({ code: 'exec_manifest_invalid', message: expect.stringContaining(words) }),
    );
    expect(publish).toThrow(`(at ${place})`);
    expect(publish).toThrow('xem-agent validate');
  },
);
