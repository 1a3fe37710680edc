import * as agentAcceptManifest from './agent/accept-manifest.ts';
import * as agentBan from './agent/ban.ts';
import * as agentConnectivity from './agent/connectivity.ts';
import * as agentCurveRotate from './agent/curve-rotate.ts';
import * as agentDelete from './agent/delete.ts';
import * as agentEnvironment from './agent/environment.ts';
import * as agentEvents from './agent/events.ts';
import * as agentEvict from './agent/evict.ts';
import * as agentGet from './agent/get.ts';
import * as agentList from './agent/list.ts';
import * as agentManifest from './agent/manifest.ts';
import * as agentResolveConflict from './agent/resolve-conflict.ts';
import * as agentPause from './agent/pause.ts';
import * as agentRevokeCredentials from './agent/revoke-credentials.ts';
import * as agentUpdate from './agent/update.ts';
import * as apiKeyCreate from './api-key/create.ts';
import * as apiKeyGet from './api-key/get.ts';
import * as apiKeyLimit from './api-key/limit.ts';
import * as apiKeyList from './api-key/list.ts';
import * as apiKeyRevoke from './api-key/revoke.ts';
import * as apiKeyRotate from './api-key/rotate.ts';
import * as approvalApprove from './approval/approve.ts';
import * as approvalBreakGlass from './approval/break-glass.ts';
import * as approvalGet from './approval/get.ts';
import * as approvalList from './approval/list.ts';
import * as approvalReject from './approval/reject.ts';
import * as approvalLinkList from './approval-link/list.ts';
import * as approvalLinkMint from './approval-link/mint.ts';
import * as authWhoami from './auth/whoami.ts';
import * as errorList from './error/list.ts';
import * as executionGet from './execution/get.ts';
import * as executionList from './execution/list.ts';
import * as executionRaw from './execution/raw.ts';
import * as executionRerun from './execution/rerun.ts';
import * as exportExecutions from './export/executions.ts';
import * as exportJournal from './export/journal.ts';
import * as invocationCancel from './invocation/cancel.ts';
import * as invocationCreate from './invocation/create.ts';
import * as invocationGet from './invocation/get.ts';
import * as invocationList from './invocation/list.ts';
import * as joinKeyCreate from './join-key/create.ts';
import * as joinKeyList from './join-key/list.ts';
import * as joinKeyRevoke from './join-key/revoke.ts';
import * as journalList from './journal/list.ts';
import * as journalVerify from './journal/verify.ts';
import * as maintenanceCreate from './maintenance/create.ts';
import * as maintenanceGet from './maintenance/get.ts';
import * as maintenanceList from './maintenance/list.ts';
import * as maintenanceStep from './maintenance/step.ts';
import * as maintenanceUpdate from './maintenance/update.ts';
import * as policyDelete from './policy/delete.ts';
import * as policyGet from './policy/get.ts';
import * as policyList from './policy/list.ts';
import * as policyPut from './policy/put.ts';
import * as policyVersions from './policy/versions.ts';
import * as principalCreate from './principal/create.ts';
import * as principalGet from './principal/get.ts';
import * as principalList from './principal/list.ts';
import * as principalSignInLink from './principal/sign-in-link.ts';
import * as principalUpdate from './principal/update.ts';
import * as projectGet from './project/get.ts';
import * as projectPause from './project/pause.ts';
import * as projectTopUp from './project/top-up.ts';
import * as projectUpdate from './project/update.ts';
import * as toolGet from './tool/get.ts';
import * as toolList from './tool/list.ts';
import * as usageReport from './usage/report.ts';
import * as webhookCreate from './webhook/create.ts';
import * as webhookDelete from './webhook/delete.ts';
import * as webhookDeliveries from './webhook/deliveries.ts';
import * as webhookGet from './webhook/get.ts';
import * as webhookList from './webhook/list.ts';
import * as webhookPrepareTest from './webhook/prepare-test.ts';
import * as webhookRedeliver from './webhook/redeliver.ts';
import * as webhookRotateSecret from './webhook/rotate-secret.ts';
import * as webhookUpdate from './webhook/update.ts';
import * as workspaceBind from './workspace/bind.ts';
import * as workspaceBindings from './workspace/bindings.ts';
import * as workspaceCreate from './workspace/create.ts';
import * as workspaceGet from './workspace/get.ts';
import * as workspaceList from './workspace/list.ts';
import * as workspacePause from './workspace/pause.ts';
import * as workspaceUnbind from './workspace/unbind.ts';
import * as workspaceUpdate from './workspace/update.ts';

/** What callers may ask for, noun by noun: `(ctx, input)`, the input parsed by the operation of the same name. */
export const auth = { whoami: authWhoami.whoami };

export const principal = {
  create: principalCreate.create,
  list: principalList.list,
  get: principalGet.get,
  update: principalUpdate.update,
  signInLink: principalSignInLink.signInLink,
};

export const apiKey = {
  create: apiKeyCreate.create,
  list: apiKeyList.list,
  get: apiKeyGet.get,
  rotate: apiKeyRotate.rotate,
  quota: apiKeyLimit.quota,
  ipFilter: apiKeyLimit.ipFilter,
  endpoints: apiKeyLimit.endpoints,
  revoke: apiKeyRevoke.revoke,
};

export const workspace = {
  create: workspaceCreate.create,
  list: workspaceList.list,
  get: workspaceGet.get,
  update: workspaceUpdate.update,
  bind: workspaceBind.bind,
  unbind: workspaceUnbind.unbind,
  bindings: workspaceBindings.bindings,
  pause: workspacePause.pause,
  resume: workspacePause.resume,
};

export const project = {
  get: projectGet.get,
  update: projectUpdate.update,
  topUp: projectTopUp.topUp,
  pause: projectPause.pause,
  resume: projectPause.resume,
};

export const tool = { list: toolList.list, get: toolGet.get };

export const error = { list: errorList.list };

export const invocation = {
  create: invocationCreate.create,
  get: invocationGet.get,
  list: invocationList.list,
  cancel: invocationCancel.cancel,
};

export const execution = {
  get: executionGet.get,
  list: executionList.list,
  raw: executionRaw.raw,
  rerun: executionRerun.rerun,
};

export const approval = {
  get: approvalGet.get,
  list: approvalList.list,
  approve: approvalApprove.approve,
  reject: approvalReject.reject,
  breakGlass: approvalBreakGlass.breakGlass,
  link: approvalLinkMint.mint,
  links: approvalLinkList.list,
};

export const policy = {
  list: policyList.list,
  get: policyGet.get,
  versions: policyVersions.versions,
  put: policyPut.put,
  delete: policyDelete.remove,
};

export const agent = {
  list: agentList.list,
  get: agentGet.get,
  manifest: agentManifest.manifest,
  acceptManifest: agentAcceptManifest.acceptManifest,
  environment: agentEnvironment.environment,
  connectivity: agentConnectivity.connectivity,
  resolveConflict: agentResolveConflict.resolveConflict,
  events: agentEvents.events,
  pause: agentPause.pause,
  resume: agentPause.resume,
  update: agentUpdate.update,
  curveRotate: agentCurveRotate.curveRotate,
  evict: agentEvict.evict,
  revokeCredentials: agentRevokeCredentials.revokeCredentials,
  ban: agentBan.ban,
  delete: agentDelete.remove,
};

export const joinKey = { create: joinKeyCreate.create, list: joinKeyList.list, revoke: joinKeyRevoke.revoke };

export const journal = { list: journalList.list, verify: journalVerify.verify };

export const maintenance = {
  create: maintenanceCreate.create,
  get: maintenanceGet.get,
  list: maintenanceList.list,
  update: maintenanceUpdate.update,
  start: maintenanceStep.start,
  complete: maintenanceStep.complete,
  cancel: maintenanceStep.cancel,
};

export const usage = { report: usageReport.report };
export const webhook = {
  create: webhookCreate.create,
  list: webhookList.list,
  get: webhookGet.get,
  update: webhookUpdate.update,
  delete: webhookDelete.remove,
  test: webhookPrepareTest.prepareTest,
  rotateSecret: webhookRotateSecret.rotateSecret,
  deliveries: webhookDeliveries.deliveries,
  redeliver: webhookRedeliver.redeliver,
};

export const exports = { executions: exportExecutions.executions, journal: exportJournal.journal };
