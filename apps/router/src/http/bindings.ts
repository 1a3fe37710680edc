import * as verbs from '@xem/domain';
import * as operations from '@xem/protocol';
import { answered, bound, published, type Binding } from './bind.ts';
import { answerBytes } from './blob.ts';
import { answerInvocationStream } from './stream/invocation-stream.ts';
import { answerProjectStream } from './stream/project-stream.ts';
import { answerAdmission, answerCancel, answerInvocation } from './wait.ts';

/** What runs each operation of the table, one line each. */
export const BINDINGS: readonly Binding[] = [
  answered(operations.createInvocation, verbs.invocation.create, answerAdmission),
  bound(operations.listInvocations, verbs.invocation.list),
  answered(operations.getInvocation, verbs.invocation.get, answerInvocation),
  answered(operations.cancelInvocation, verbs.invocation.cancel, answerCancel),
  answered(operations.streamInvocation, verbs.invocation.get, answerInvocationStream),
  bound(operations.listExecutions, verbs.execution.list),
  answered(operations.streamExecutions, async () => null, answerProjectStream),
  bound(operations.getExecution, verbs.execution.get),
  answered(operations.readExecutionOutput, verbs.execution.raw, answerBytes),
  answered(operations.rerunExecution, verbs.execution.rerun, answerAdmission),
  bound(operations.listApprovals, verbs.approval.list),
  bound(operations.getApproval, verbs.approval.get),
  bound(operations.approveApproval, verbs.approval.approve),
  bound(operations.rejectApproval, verbs.approval.reject),
  bound(operations.listTools, verbs.tool.list),
  bound(operations.getTool, verbs.tool.get),
  bound(operations.listWorkspaces, verbs.workspace.list),
  bound(operations.getWorkspace, verbs.workspace.get),
  bound(operations.createWorkspace, verbs.workspace.create),
  bound(operations.listBindings, verbs.workspace.bindings),
  bound(operations.bindAgent, verbs.workspace.bind),
  bound(operations.unbindAgent, verbs.workspace.unbind),
  bound(operations.whoAmI, verbs.auth.whoami),
  bound(operations.listPrincipals, verbs.principal.list),
  bound(operations.createPrincipal, verbs.principal.create),
  bound(operations.listApiKeys, verbs.apiKey.list),
  bound(operations.createApiKey, verbs.apiKey.create),
  bound(operations.revokeApiKey, verbs.apiKey.revoke),
  bound(operations.listAgents, verbs.agent.list),
  bound(operations.getAgent, verbs.agent.get),
  bound(operations.getAgentManifest, verbs.agent.manifest),
  bound(operations.getAgentEnvironment, verbs.agent.environment),
  bound(operations.getAgentConnectivity, verbs.agent.connectivity),
  bound(operations.resolveConflict, verbs.agent.resolveConflict),
  bound(operations.listJoinKeys, verbs.joinKey.list),
  bound(operations.createJoinKey, verbs.joinKey.create),
  bound(operations.revokeJoinKey, verbs.joinKey.revoke),
  bound(operations.listJournal, verbs.journal.list),
  bound(operations.verifyJournal, verbs.journal.verify),
  published(operations.listErrors, verbs.error.list),
];
