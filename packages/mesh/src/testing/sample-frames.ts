import {
  ExecutionId,
  FRAMES,
  WorkspaceId,
  hashJson,
  type Frame,
  type FrameBody,
  type FrameKind,
  type FrameRow,
} from '@xem/protocol';
import { agentIdentity } from './agent-identity.ts';
import { testHello } from './recorded-link.ts';

const AGENT = agentIdentity('sample');
const ROUTER = agentIdentity('router');
const SIG = Buffer.alloc(64, 7);
const NONCE = 'n'.repeat(43);
const SESSION = '5'.repeat(24);
const DIGEST = hashJson({});
const ATTEMPT = { execution_id: ExecutionId.parse('01890000-0000-7000-8000-000000000001'), attempt: 1 };
const BINDINGS = [{ workspace_id: WorkspaceId.parse('ws_0123456789abcdef01234567'), type: null }];
const LEASE = { lease_ttl_ms: 30_000, lease_renewal_interval_ms: 10_000 };
const STREAM = { bytes: 3, sha256: DIGEST, truncated: false, masked: 0 };
const { host } = testHello();

/** A body of every kind that the schemas accept. */
const BODIES: { readonly [Kind in FrameKind]: FrameBody<Kind> } = {
  enroll: {
    v: 1,
    join_key: 'xjk_x.y.z',
    registration_name: 'sample',
    curve_public_key: AGENT.curve.publicKey,
    signing_public_key: AGENT.signer.publicKey,
    agent_version: '0.1.0',
    host,
    manifest: { manifest_version: 1, workspaces: [], tools: [] },
    sig: SIG,
  },
  enrolled: {
    v: 1,
    ok: false,
    code: 'join_key_expired',
    message: 'The join key has expired.',
    operator_action: 'Mint a new one.',
  },
  connect: { v: 1, agent_nonce: NONCE },
  challenge: { v: 1, router_nonce: NONCE, router_time: 1_767_225_600_000 },
  hello: { ...testHello(), v: 1, agent_id: AGENT.agentId, sig: SIG },
  welcome: {
    ...LEASE,
    v: 1,
    session: SESSION,
    epoch: 3,
    bindings: BINDINGS,
    resume: [{ ...ATTEMPT, stdout: 10, stderr: 0 }],
    abort: [],
    settled: [ATTEMPT],
    send_manifest: true,
    sig: SIG,
  },
  refused: { v: 1, code: 'session_replaced', message: 'A newer session is open.' },
  goodbye: { v: 1, reason: 'the agent stops' },
  lease_renewal: {
    v: 1,
    manifest_version: 1,
    manifest_hash: DIGEST,
    in_flight: [ATTEMPT],
    load: { slots: 4, in_flight: 1 },
    sent_at: 1_767_225_600_000,
  },
  lease_ack: {
    v: 1,
    lease_ttl_ms: 30_000,
    bindings: BINDINGS,
    abort: [],
    missing: [],
    send_manifest: false,
    echo: 1_767_225_600_000,
  },
  dispatch: { v: 1, order: Buffer.from('{"ctx":"xem/order/1"}'), sig: SIG },
  accept: { ...ATTEMPT, v: 1 },
  refuse: { ...ATTEMPT, v: 1, reason: 'slots', message: 'Every slot is taken.' },
  output: { ...ATTEMPT, v: 1, stream: 'stdout', offset: 0 },
  credit: { ...ATTEMPT, v: 1, bytes: 65_536 },
  result: {
    ...ATTEMPT,
    v: 1,
    status: 'completed',
    ended_by: 'exit',
    exit_code: 0,
    signal: null,
    duration_ms: 12,
    error: null,
    stdout: STREAM,
    stderr: { ...STREAM, bytes: 0 },
    survivors: [],
  },
  result_ack: { ...ATTEMPT, v: 1 },
  cancel: { ...ATTEMPT, v: 1, reason: 'a person asked for it' },
  pause: { v: 1, scope: 'workspace', id: 'ws_0123456789abcdef01234567', reason: null },
  resume: { v: 1, scope: 'agent', id: AGENT.agentId, reason: 'all is well' },
  conflict: {
    v: 1,
    code: 'agent_name_conflict',
    incumbent_fingerprint: '0123456789abcdef',
    challenger_fingerprint: 'fedcba9876543210',
    message: 'Two agents are online under one name.',
    operator_action: 'Resolve it.',
  },
  rotate_curve: { v: 1, rotation_id: 'r1' },
  rotate_ack: { v: 1, rotation_id: 'r1', curve_public_key: ROUTER.curve.publicKey, sig: SIG },
  rotate_commit: { v: 1, rotation_id: 'r1' },
};

/** A well-formed frame of a kind, with its payload where the kind has one. */
export function sampleFrame<Kind extends FrameKind>(kind: Kind): Frame<Kind> {
  const row: FrameRow = FRAMES[kind];
  const payload = row.payload ? { payload: Buffer.from('out') } : {};
  return { kind, body: BODIES[kind], ...payload };
}
