import type { OperationId } from '@xem/client';

/** One object of each noun, by id. */
export interface Objects {
  readonly agent: string;
  readonly api_key: string;
  readonly approval: string;
  readonly delivery: string;
  readonly execution: string;
  readonly invocation: string;
  readonly join_key: string;
  readonly maintenance: string;
  readonly policy: string;
  readonly principal: string;
  readonly webhook: string;
  readonly workspace: string;
}

/** What the matrix must know of an operation besides what the table of operations says. */
export interface Row {
  /** Members of query or body that get a request as far as its verb. Those of the path are filled in by their noun. */
  readonly input?: (ids: Objects) => Readonly<Record<string, unknown>>;
  /** What a service is answered with whatever its scopes; absent where a service will do. */
  readonly humans?: 'scope_insufficient' | 'approver_not_eligible';
  /** Of an operation that any scope opens: it looks closer, and one scope is not enough for a service. */
  readonly notFor?: 'inference';
}

const humans = 'scope_insufficient';
const decides = 'approver_not_eligible';
const because = () => ({ reason: 'because' });
const plain: Row = {};

/** A row for every operation: one that is missing does not compile. */
export const ROWS: Readonly<Record<OperationId, Row>> = {
  'agent.accept_manifest': {
    input: () => ({ changes: [{ tool: 'x', new_digest: '0'.repeat(64) }] }),
    humans,
  },
  'agent.ban': { input: because },
  'agent.connectivity': plain,
  'agent.curve_rotate': plain,
  'agent.delete': plain,
  'agent.environment': plain,
  'agent.events': { notFor: 'inference' },
  'agent.evict': { input: because },
  'agent.get': plain,
  'agent.list': { input: ({ workspace }) => ({ workspace_id: workspace }) },
  'agent.manifest': plain,
  'agent.pause': { input: because },
  'agent.resolve_conflict': { input: () => ({ keep: 'incumbent' }), humans },
  'agent.resume': plain,
  'agent.revoke_credentials': { input: because },
  'agent.update': { input: () => ({ region: 'eu' }) },
  'api_key.create': {
    input: ({ principal }) => ({ principal_id: principal, name: 'x', scopes: ['execution'] }),
  },
  'api_key.endpoints': { input: () => ({ endpoints: ['tool.list'] }) },
  'api_key.get': plain,
  'api_key.ip_filter': { input: () => ({ ip_allow: ['127.0.0.1'] }) },
  'api_key.list': { input: ({ principal }) => ({ principal_id: principal }) },
  'api_key.quota': { input: () => ({ per_minute: 1, burst: 1 }) },
  'api_key.revoke': plain,
  'api_key.rotate': plain,
  'approval.approve': { humans: decides },
  'approval.break_glass': { input: because, humans: decides },
  'approval.get': plain,
  'approval.link': { input: ({ principal }) => ({ reviewer: principal }), humans: decides },
  'approval.links': plain,
  'approval.list': {
    input: ({ workspace, invocation }) => ({ workspace_id: workspace, invocation_id: invocation }),
  },
  'approval.reject': { humans: decides },
  'auth.whoami': plain,
  'error.list': plain,
  'execution.get': plain,
  'execution.list': {
    input: ({ workspace, agent, invocation }) => ({
      workspace_id: workspace,
      agent_id: agent,
      invocation_id: invocation,
    }),
  },
  'execution.raw': plain,
  'execution.rerun': { input: because },
  'execution.stream': plain,
  'invocation.cancel': { input: because },
  'invocation.create': {
    input: ({ workspace, agent }) => ({
      workspace_id: workspace,
      agent_id: agent,
      tool: 'demo_echo',
      args: {},
    }),
  },
  'invocation.get': plain,
  'invocation.list': {
    input: ({ workspace, agent, principal }) => ({
      workspace_id: workspace,
      agent_id: agent,
      requested_by: principal,
    }),
  },
  'invocation.stream': plain,
  'join_key.create': { input: ({ workspace }) => ({ workspaces: [workspace] }) },
  'join_key.list': plain,
  'join_key.revoke': plain,
  'export.executions': { notFor: 'inference' },
  'export.journal': { notFor: 'inference' },
  'journal.list': { input: ({ invocation }) => ({ invocation_id: invocation }), notFor: 'inference' },
  'journal.verify': { notFor: 'inference' },
  'maintenance.cancel': plain,
  'maintenance.complete': plain,
  'maintenance.create': plain,
  'maintenance.get': plain,
  'maintenance.list': plain,
  'maintenance.start': plain,
  'maintenance.update': { input: () => ({ title: 'x' }) },
  'policy.delete': { humans },
  'policy.get': plain,
  'policy.list': { input: ({ workspace }) => ({ workspace_id: workspace }) },
  'policy.put': { input: ({ workspace }) => ({ workspace_id: workspace, dry_run: true }), humans },
  'policy.versions': plain,
  'principal.create': { input: () => ({ kind: 'service', name: 'x' }), humans },
  'principal.get': plain,
  'principal.list': plain,
  'principal.sign_in_link': { humans },
  'principal.update': { humans },
  'project.get': plain,
  'project.pause': plain,
  'project.resume': plain,
  'project.top_up': { input: () => ({ credits: 1 }), humans },
  'project.update': { input: () => ({ plan: 'standard' }), humans },
  'tool.get': { input: ({ workspace }) => ({ workspace_id: workspace }) },
  'tool.list': { input: ({ workspace }) => ({ workspace_id: workspace }) },
  'usage.report': { input: ({ workspace }) => ({ workspace_id: workspace }) },
  'webhook.create': plain,
  'webhook.delete': plain,
  'webhook.deliveries': plain,
  'webhook.get': plain,
  'webhook.list': plain,
  'webhook.redeliver': plain,
  'webhook.rotate_secret': plain,
  'webhook.test': plain,
  'webhook.update': { input: () => ({ enabled: true }) },
  'workspace.bind': { input: ({ agent }) => ({ agent_id: agent }) },
  'workspace.bindings': plain,
  'workspace.create': { input: () => ({ name: 'x' }) },
  'workspace.get': plain,
  'workspace.list': plain,
  'workspace.pause': plain,
  'workspace.resume': plain,
  'workspace.unbind': plain,
  'workspace.update': { input: () => ({ name: 'x' }) },
};
