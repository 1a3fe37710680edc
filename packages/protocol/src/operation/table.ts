import * as agentConflict from './agent-conflict.ts';
import * as agentRotation from './agent-rotation.ts';
import * as agent from './agent.ts';
import * as agentStanding from './agent-standing.ts';
import * as agentManifest from './agent-manifest.ts';
import * as apiKey from './api-key.ts';
import * as approval from './approval.ts';
import * as approvalPolicy from './approval-policy.ts';
import * as approvalLink from './approval-link.ts';
import * as execution from './execution.ts';
import * as exports from './export.ts';
import * as invocation from './invocation.ts';
import * as joinKey from './join-key.ts';
import * as journal from './journal.ts';
import * as maintenance from './maintenance.ts';
import type { Operation } from './operation.ts';
import * as principal from './principal.ts';
import * as project from './project.ts';
import * as tool from './tool.ts';
import * as usage from './usage.ts';
import * as webhook from './webhook.ts';
import * as workspace from './workspace.ts';
import * as workspaceStanding from './workspace-standing.ts';

/** The table of operations: every route there is. */
export const OPERATIONS: readonly Operation[] = [
  ...Object.values(invocation),
  ...Object.values(execution),
  ...Object.values(approval),
  ...Object.values(approvalPolicy),
  ...Object.values(approvalLink),
  ...Object.values(tool),
  ...Object.values(agent),
  ...Object.values(agentConflict),
  ...Object.values(agentStanding),
  ...Object.values(agentRotation),
  ...Object.values(agentManifest),
  ...Object.values(workspace),
  ...Object.values(workspaceStanding),
  ...Object.values(joinKey),
  ...Object.values(principal),
  ...Object.values(apiKey),
  ...Object.values(project),
  ...Object.values(usage),
  ...Object.values(maintenance),
  ...Object.values(journal),
  ...Object.values(exports),
  ...Object.values(webhook),
];
