import {
  AgentId,
  ApprovalId,
  callSha256,
  ExecutionId,
  hashJson,
  InvocationId,
  Manifest,
  PolicyId,
  PrincipalId,
  ProjectId,
  sha256Hex,
  ToolDefinition,
  toolDigest,
  WorkspaceId,
  type Call,
  type EnrollClaim,
  type HelloClaim,
  type RotateClaim,
  type WelcomeClaim,
  type WorkOrder,
} from '@xem/protocol';
import type { Signer } from '../key/signer.ts';
import { agentIdentity } from './agent-identity.ts';

/** Something that is signed, and who signs it. */
interface SampleClaim {
  readonly signer: Signer;
  readonly claim: EnrollClaim | HelloClaim | WelcomeClaim | RotateClaim | WorkOrder;
}

const AGENT = agentIdentity('sample');
const ROUTER = agentIdentity('router');
const SESSION = '5'.repeat(24);
const id = (prefix: string): string => `${prefix}_0123456789abcdef01234567`;
const uuid = (last: number): string => `01890000-0000-7000-8000-00000000000${last}`;

const TOOL = ToolDefinition.parse({
  name: 'node_drain',
  description: 'Moves every pod off a node.',
  risk: 'destructive',
  parameters: {
    type: 'object',
    required: ['node'],
    properties: { node: { type: 'string' } },
    additionalProperties: false,
  },
});

const MANIFEST = Manifest.parse({ manifest_version: 1, workspaces: [{ id: id('ws') }], tools: [TOOL] });

const CALL: Call = {
  v: 1,
  project_id: ProjectId.parse(id('prj')),
  workspace_id: WorkspaceId.parse(id('ws')),
  tool: TOOL.name,
  tool_digest: toolDigest(TOOL),
  args: { node: 'worker-7', ünïcode: '\u20ac', number: 1e21 },
  pinned_agent_id: null,
  timeout_ms: 60_000,
  requester: PrincipalId.parse(id('prn')),
  policy_id: PolicyId.parse(id('pol')),
  policy_version: 1,
};

const handshake = {
  agent_id: AGENT.agentId,
  agent_nonce: 'a'.repeat(43),
  router_nonce: 'r'.repeat(43),
  agent_curve_key: AGENT.curve.publicKey,
  router_curve_key: ROUTER.curve.publicKey,
};

const ORDER: WorkOrder = {
  ctx: 'xem/order/1',
  project_id: CALL.project_id,
  invocation_id: InvocationId.parse(uuid(1)),
  execution_id: ExecutionId.parse(uuid(2)),
  attempt: 1,
  agent_id: AgentId.parse(AGENT.agentId),
  session: SESSION,
  epoch: 3,
  workspace_id: CALL.workspace_id,
  tool: CALL.tool,
  tool_digest: CALL.tool_digest,
  args: CALL.args,
  args_sha256: hashJson(CALL.args),
  risk: TOOL.risk,
  timeout_ms: CALL.timeout_ms,
  issued_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-01-01T00:01:00.000Z',
  requester: CALL.requester,
  policy_id: CALL.policy_id,
  policy_version: CALL.policy_version,
  approval: {
    id: ApprovalId.parse(uuid(3)),
    kind: 'policy',
    call_sha256: callSha256(CALL),
    deciders: [PrincipalId.parse(id('prn'))],
    decided_at: '2026-01-01T00:00:00.000Z',
  },
};

/** One of everything that is signed on the mesh. */
export const SAMPLE_CLAIMS: Readonly<Record<string, SampleClaim>> = {
  enroll: {
    signer: AGENT.signer,
    claim: {
      ctx: 'xem/enroll/1',
      join_key_sha256: sha256Hex('xjk_x.y.z'),
      registration_name: 'sample',
      curve_public_key: AGENT.curve.publicKey,
      signing_public_key: AGENT.signer.publicKey,
      manifest_hash: hashJson(MANIFEST),
    },
  },
  hello: { signer: AGENT.signer, claim: { ctx: 'xem/hello/1', ...handshake } },
  welcome: {
    signer: ROUTER.signer,
    claim: { ctx: 'xem/welcome/1', ...handshake, session: SESSION, epoch: 3 },
  },
  rotate: {
    signer: AGENT.signer,
    claim: {
      ctx: 'xem/rotate/1',
      rotation_id: 'r1',
      agent_id: AGENT.agentId,
      old_curve_key: AGENT.curve.publicKey,
      new_curve_key: agentIdentity('next').curve.publicKey,
    },
  },
  order: { signer: ROUTER.signer, claim: ORDER },
};

const { name, description, risk, domain, parameters, timeout_ms, idempotent, output } = TOOL;

/** What is hashed on the mesh, by the name of the hash. */
export const SAMPLE_HASHED: Readonly<Record<string, object>> = {
  tool_digest: { name, description, risk, domain, parameters, timeout_ms, idempotent, output },
  manifest_hash: MANIFEST,
  args_sha256: CALL.args,
  call_sha256: CALL,
};
