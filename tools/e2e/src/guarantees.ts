import { ACCESS } from './guarantee/access.ts';
import { CONTRACT } from './guarantee/contract.ts';
import { EXEC } from './guarantee/exec.ts';
import type { Guarantee } from './guarantee/guarantee.ts';
import { LIMITS } from './guarantee/limits.ts';
import { OPERATIONS } from './guarantee/operations.ts';

/** Everything the end-to-end suites prove. Each has a test, and each test proves one of these: see `coverage.test.ts`. */
export const GUARANTEES = {
  ...EXEC,

  'gate.waits': { says: 'a destructive call of a service waits and nothing runs', from: 'approvals' },
  'gate.once': { says: 'an approved call runs exactly once', from: 'approvals' },
  'gate.rejected': { says: 'a rejected call never runs, and its reason comes back', from: 'approvals' },
  'gate.second-decision': { says: 'a second decision answers approval_not_pending', from: 'approvals' },
  'gate.no-service': { says: 'a service key cannot decide, its own call least of all', from: 'approvals' },
  'gate.confirm': {
    says: 'an irreversible call is approved only with its tool’s name typed back',
    from: 'approvals',
  },
  'gate.shown-call': {
    says: 'a decision over another call than the one that waits runs nothing',
    from: 'approvals',
  },
  'gate.race': {
    says: 'of two decisions at once one wins, and the effect happens at most once',
    from: 'approvals',
  },
  'gate.page': {
    says: 'the approval page signs a human in, shows exactly the call, and lets it go',
    from: 'approvals',
  },

  'policy.two-persons': {
    says: 'where the policy wants two people, one person never lets a call run',
    from: 'approvals',
  },
  'policy.escalation': {
    says: 'an approval nobody gave in time is for the group of the next stage, and silence approves nothing',
    from: 'approvals',
  },
  'policy.stale': {
    says: 'a call never runs on a decision under a policy that was changed since it was asked for',
    from: 'approvals',
  },
  'policy.require': {
    says: 'a policy makes any tool wait for a person, and none lets a destructive one run without',
    from: 'approvals',
  },
  'policy.humans': {
    says: 'only humans change policies, and none under which nobody could answer an irreversible call',
    from: 'approvals',
  },
  'gate.link': {
    says: 'a one-time link is one vote, that of its reviewer and of its maker, and opening it decides nothing',
    from: 'approvals',
  },
  'gate.break-glass': {
    says: 'one human may let a call run alone in an emergency, with a reason, and it stays marked for good',
    from: 'approvals',
  },

  ...ACCESS,

  'manifest.rug-pull': {
    says: 'a tool whose risk is lowered keeps its old standing until a human accepts the new one',
    from: 'mesh',
  },
  'manifest.humans-accept': { says: 'a service cannot accept a changed tool', from: 'approvals' },
  'manifest.ambiguous': {
    says: 'a name that humans bound to two definitions in a workspace is called with agent_id',
    from: 'mesh',
  },
  'manifest.reload': {
    says: 'SIGHUP brings an agent’s new tool into the mesh without touching a running call',
    from: 'mesh',
  },
  'manifest.local-policy': {
    says: 'the policy of a host vetoes a call that humans approved',
    from: 'mesh',
  },

  'dispatch.exclusive': {
    says: 'two destructive calls in one workspace never overlap, and reads go on beside them',
    from: 'mesh',
  },
  'dispatch.limits': {
    says: 'no more calls run at once, of a tool or in a workspace, than its limits say',
    from: 'mesh',
  },

  'bytes.binary': { says: 'output with NUL and invalid UTF-8 comes back to the byte', from: 'mesh' },
  'bytes.empty': { says: 'a tool that prints nothing has an empty output', from: 'mesh' },
  'bytes.large': {
    says: '64 MiB of output comes back to the byte, and router and agent stay small',
    from: 'mesh',
  },
  'bytes.apart': { says: 'standard output and standard error are kept apart', from: 'mesh' },
  'bytes.range': { says: 'a part of an output can be read by its range', from: 'api' },

  'crash.router': {
    says: 'a router that is killed loses nothing it acknowledged, and runs nothing twice',
    from: 'reliability',
  },
  'crash.agent': {
    says: 'an agent that is killed mid-run leaves no call without an end',
    from: 'reliability',
  },
  'crash.idempotent': {
    says: 'a client that asks again with its idempotency key gets the one invocation',
    from: 'reliability',
  },
  'crash.journal': { says: 'the journal verifies after every crash', from: 'reliability' },

  'rotation.no-loss': {
    says: 'the CURVE key of an agent is changed under running tools, and no run and no byte is lost',
    from: 'mesh',
  },
  'rotation.old-key': {
    says: 'a change of keys ends with one key, in the journal and on the agent’s disk',
    from: 'mesh',
  },

  'drain.router': {
    says: 'a router that is stopped lets callers wait, says so to the others, ends with 0, and loses no run',
    from: 'api',
  },
  'drain.agent': {
    says: 'an agent that is stopped finishes what runs and takes nothing new',
    from: 'mesh',
  },
  'endpoints.several': {
    says: 'an agent that was told several endpoints finds the one that answers',
    from: 'mesh',
  },
  'running.upgrade': {
    says: 'an agent that is upgraded under a running tool loses neither the run nor a byte',
    from: 'mesh',
  },
  'running.nothing-left': {
    says: 'a cancelled call leaves no process behind, whatever its tool started',
    from: 'reliability',
  },
  'running.stood-still': {
    says: 'an agent that stood still past its lease starts nothing of then, and its late result is evidence',
    from: 'reliability',
  },
  'running.secrets': {
    says: 'a credential of a host never leaves it',
    from: 'mesh',
  },

  'wire.stranger': {
    says: 'a CURVE key that was never enrolled gets nowhere on the data socket',
    from: 'mesh',
  },
  'wire.impostor': { says: 'an enrolled agent that names another’s execution is refused', from: 'mesh' },
  'wire.other-agent': {
    says: 'an agent written from the document alone, without a line of ours, does all an agent does',
    from: 'mesh',
  },
  'wire.join-keys': { says: 'wrong, expired, revoked and reused join keys get their codes', from: 'mesh' },

  'enrolment.race': { says: 'of a hundred agents that race for a single-use key one wins', from: 'mesh' },
  'enrolment.cut': {
    says: 'an enrolment whose line is cut is finished by the same agent, and by no other',
    from: 'reliability',
  },
  'enrolment.codes': {
    says: 'an agent that is refused hears the code, the place that is wrong, and what to do',
    from: 'mesh',
  },
  'enrolment.conflict': {
    says: 'of two agents online under one name neither gets new work until a person says who has it',
    from: 'mesh',
  },
  'enrolment.replace': {
    says: 'an agent that replaces another has its name, its workspaces and the calls it left',
    from: 'mesh',
  },
  'enrolment.command': {
    says: 'what a join key prints makes a host an agent, and so does agents enroll',
    from: 'newcomer',
  },

  'standing.pause': {
    says: 'a pause of an agent, a workspace or the project leaves alone what runs and holds what waits',
    from: 'mesh',
  },
  'standing.clock': {
    says: 'the deadline of a call that a pause holds stands still, and runs on after the resume',
    from: 'mesh',
  },
  'standing.put-out': {
    says: 'an agent that is put out ends at once and says why, and what it ran comes to an end',
    from: 'mesh',
  },
  'standing.keys': {
    says: 'keys that were banned or revoked never come back, those of an evicted agent may',
    from: 'mesh',
  },
  'standing.inherits-nothing': {
    says: 'whoever takes the name of a deleted agent inherits nothing of it',
    from: 'mesh',
  },
  'providers.mcp': { says: 'the tools of an MCP server are tools of the mesh, with risks', from: 'mesh' },
  'providers.mcp-gate': {
    says: 'a destructive tool of an MCP server waits for a human, and runs once after',
    from: 'approvals',
  },
  'providers.mcp-late': {
    says: 'an MCP server that is down does not stop its agent, and its tools appear once it is up',
    from: 'reliability',
  },
  'providers.http': {
    says: 'an http tool asks its server alone, no argument leaves its place, and no credential comes back',
    from: 'mesh',
  },

  'api.foreign': { says: 'another project’s key sees 404 for everything of this project', from: 'api' },
  'api.envelope': { says: 'every answer carries X-Request-ID, and every refusal the envelope', from: 'api' },
  'api.order': { says: 'a request is checked in the documented order', from: 'api' },
  'api.document': { says: 'the OpenAPI document describes the answers that are really sent', from: 'api' },
  'api.stream': {
    says: 'a stream resumes where it was broken, without a gap and without a repetition',
    from: 'api',
  },
  'api.wait': { says: 'Prefer: wait answers with the end of the call', from: 'api' },

  'audit.export': {
    says: 'the journal and what it tells of can be taken out, and the chain be verified by anybody from the document',
    from: 'api',
  },
  'audit.cut-tail': {
    says: 'a journal whose end was cut off is told from one that is whole, by the heads that were signed of it',
    from: 'reliability',
  },
  'retention.outputs': {
    says: 'output is gone after its retention, rows and files, and its reader is told so',
    from: 'api',
  },
  'retention.journal': {
    says: 'a journal that retention has cut off verifies from its checkpoint, and followers are told of the gap',
    from: 'reliability',
  },
  'maintenance.keeps-out': {
    says: 'a critical maintenance window in progress refuses new calls, with the time to wait, and lets what runs go on',
    from: 'api',
  },
  'maintenance.by-itself': {
    says: 'windows start and end at their times by themselves, also when the router was down meanwhile',
    from: 'reliability',
  },
  'journal.follows-a-call': {
    says: 'a reader can follow one destructive call from the request to its effect, and check every hash',
    from: 'reliability',
  },

  'webhook.signature': {
    says: 'the receiver in the guide takes what the mesh sends, and no more',
    from: 'api',
  },
  'webhook.order': { says: 'events of one call come in order, and hold up no other', from: 'reliability' },
  'webhook.at-least-once': {
    says: 'a router that dies sends again, and loses no event',
    from: 'reliability',
  },
  'webhook.hanging': { says: 'a target that hangs harms no other', from: 'reliability' },
  'webhook.private': { says: 'webhooks reach private addresses only where allowed', from: 'reliability' },

  'mcp.clients': {
    says: 'official MCP clients of both generations list and call tools over both transports',
    from: 'mcp',
  },
  'mcp.gate': {
    says: 'a gated call over MCP answers with where a human decides, and has no tool to decide with',
    from: 'mcp',
  },
  'mcp.take-back': {
    says: 'a read whose MCP client takes its request back is ended on its agent',
    from: 'mcp',
  },

  ...OPERATIONS,

  'dev.contract': {
    says: 'pnpm dev tells what others need in dev.json, only while the mesh is ready',
    from: 'newcomer',
  },
  'dev.restart': { says: 'a mesh that is started again has everything it had', from: 'newcomer' },
  'dev.side-by-side': { says: 'two meshes with folders of their own run side by side', from: 'newcomer' },
  'dev.leaves-nothing': { says: 'Ctrl-C leaves no process behind', from: 'newcomer' },

  ...LIMITS,
  ...CONTRACT,
} as const satisfies Record<string, Guarantee>;

export type GuaranteeId = keyof typeof GUARANTEES;
