import { cancel } from './cancel.ts';
import { describeTool } from './describe-tool.ts';
import { getExecution, listExecutions } from './executions.ts';
import type { FixedTool } from './fixed-tool.ts';
import { getInvocation } from './get-invocation.ts';
import { getOutput } from './get-output.ts';
import { invoke } from './invoke.ts';
import { listApprovals } from './list-approvals.ts';
import { listMeshTools } from './list-tools.ts';
import { rerun } from './rerun.ts';

/** The fixed tools, in the order clients list them. None of them decides an approval, and none ever shall. */
export const FIXED_TOOLS: readonly FixedTool[] = [
  listMeshTools,
  describeTool,
  invoke,
  getInvocation,
  cancel,
  listExecutions,
  getExecution,
  getOutput,
  rerun,
  listApprovals,
];
