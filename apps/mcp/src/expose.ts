import type { OperationId } from '@xem/client';

/** The tool that stands for an operation, or why none does. */
export type Exposure = { readonly tool: string } | { readonly absent: string };

const HUMANS_DECIDE = 'a decision never comes from a model';
const TELLS = 'its members are in exec.list_approvals, and in what a call answers';
const WAITS = 'a client of the protocol cannot follow a stream: exec.get_invocation waits';
const ADMINISTERS = 'who may do what is administered by people';
const OPERATES = 'agents are operated by people';
const OPERATES_WINDOWS = 'maintenance is announced by people; a call that it keeps out says so';

/** Which tool stands for which operation: every operation has a row. */
export const EXPOSURE: Readonly<Record<OperationId, Exposure>> = {
  'agent.list': { absent: OPERATES },
  'agent.get': { absent: OPERATES },
  'agent.manifest': { absent: OPERATES },
  'agent.environment': { absent: OPERATES },
  'agent.connectivity': { absent: OPERATES },
  'agent.resolve_conflict': { absent: HUMANS_DECIDE },
  'agent.events': { absent: OPERATES },
  'agent.pause': { absent: OPERATES },
  'agent.resume': { absent: OPERATES },
  'agent.update': { absent: OPERATES },
  'agent.curve_rotate': { absent: OPERATES },
  'agent.accept_manifest': { absent: HUMANS_DECIDE },
  'agent.evict': { absent: OPERATES },
  'agent.revoke_credentials': { absent: OPERATES },
  'agent.ban': { absent: OPERATES },
  'agent.delete': { absent: OPERATES },
  'api_key.create': { absent: ADMINISTERS },
  'api_key.list': { absent: ADMINISTERS },
  'api_key.revoke': { absent: ADMINISTERS },
  'approval.approve': { absent: HUMANS_DECIDE },
  'approval.get': { absent: TELLS },
  'approval.list': { tool: 'exec.list_approvals' },
  'approval.reject': { absent: HUMANS_DECIDE },
  'auth.whoami': { absent: 'what the key may do shows in what it is refused' },
  'error.list': { absent: 'every refusal says what to do' },
  'execution.get': { tool: 'exec.get_execution' },
  'execution.list': { tool: 'exec.list_executions' },
  'execution.raw': { tool: 'exec.get_output' },
  'execution.rerun': { tool: 'exec.rerun' },
  'execution.stream': { absent: WAITS },
  'invocation.cancel': { tool: 'exec.cancel' },
  'invocation.create': { tool: 'exec.invoke' },
  'invocation.get': { tool: 'exec.get_invocation' },
  'invocation.list': { absent: 'exec.list_executions lists what ran, exec.list_approvals what waits' },
  'invocation.stream': { absent: WAITS },
  'join_key.create': { absent: ADMINISTERS },
  'join_key.list': { absent: ADMINISTERS },
  'join_key.revoke': { absent: ADMINISTERS },
  'journal.list': { absent: 'the journal is for people who audit' },
  'journal.verify': { absent: 'the journal is for people who audit' },
  'maintenance.cancel': { absent: OPERATES_WINDOWS },
  'maintenance.complete': { absent: OPERATES_WINDOWS },
  'maintenance.create': { absent: OPERATES_WINDOWS },
  'maintenance.get': { absent: OPERATES_WINDOWS },
  'maintenance.list': { absent: OPERATES_WINDOWS },
  'maintenance.start': { absent: OPERATES_WINDOWS },
  'maintenance.update': { absent: OPERATES_WINDOWS },
  'principal.create': { absent: ADMINISTERS },
  'principal.list': { absent: ADMINISTERS },
  'project.get': { absent: ADMINISTERS },
  'project.pause': { absent: ADMINISTERS },
  'project.resume': { absent: ADMINISTERS },
  'tool.get': { tool: 'exec.describe_tool' },
  'tool.list': { tool: 'exec.list_tools' },
  'workspace.bind': { absent: ADMINISTERS },
  'workspace.bindings': { absent: ADMINISTERS },
  'workspace.create': { absent: ADMINISTERS },
  'workspace.get': { absent: ADMINISTERS },
  'workspace.list': { absent: ADMINISTERS },
  'workspace.pause': { absent: ADMINISTERS },
  'workspace.resume': { absent: ADMINISTERS },
  'workspace.unbind': { absent: ADMINISTERS },
  'workspace.update': { absent: ADMINISTERS },
};
